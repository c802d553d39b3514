#![no_std]
mod names;
include!(concat!(env!("OUT_DIR"), "/opcode_costs.rs"));
