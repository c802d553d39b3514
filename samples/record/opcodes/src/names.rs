pub const FIRST: &str = "nop";
