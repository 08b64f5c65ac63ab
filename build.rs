//! How the release binary is linked, which is part of how large it is.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|known| known == value);
    // Not for `bin/demo`, which is to build with whatever linker there is. Rust links with its own LLD here (since 1.90). Addresses
    // of relocations as a bitmap need glibc 2.36 (Debian 12); functions of the same code become one, which generic code has many of.
    if is("TARGET", "x86_64-unknown-linux-gnu") && is("PROFILE", "release") && is("OPT_LEVEL", "3") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    }
}
