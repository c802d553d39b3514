//! Writes a source file no parser likes: every `if` inside the one before, sixty thousand deep.
use std::{env, fmt::Write, fs, path::Path};

const DEPTH: usize = 60_000;

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let mut text = String::from("pub fn cost(op: u32) -> u32 {\n");
    for op in 0..DEPTH {
        writeln!(text, "if op > {op} {{").expect("a String takes it all");
    }
    text.push_str(&"} ".repeat(DEPTH));
    text.push_str("\n0\n}\n");
    fs::write(Path::new(&out).join("opcode_costs.rs"), text).expect("OUT_DIR is writable");
    println!("cargo::rerun-if-changed=opcodes.txt");
}
