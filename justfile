# What is done often. `just` lists it.

_default:
    @just --list

# Put the code into its usual form
fmt:
    cargo fmt

# Warnings of the compiler and of clippy, as errors
lint:
    cargo clippy --all-targets --locked -- -D warnings

# The documentation of the code, warnings as errors
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

# All tests
test:
    cargo test

# Simulate a scenario (Haringey) into outputs
run scenario="scenarios/haringey.toml" *options:
    cargo run --release -- run {{scenario}} --overwrite {{options}}

# Simulate the ward-sized town: quick
ward *options:
    cargo run --release -- run scenarios/ward.toml --overwrite {{options}}

# Write docs/parameters.md anew from the tables in the code
docs:
    UPDATE_DOCS=1 cargo test docs_are_current

# All that must hold before a change lands
ci:
    bash .ci/run

# Fit the profiles anew, from nothing: about half an hour each on two processors
fit:
    cargo run --release -- fit 2008-09 --into data/profiles
    cargo run --release -- fit 2023-24 --first 600 --stages 1 --into data/profiles
    cargo run --release -- fit 2008-09-decay --first 500 --tried 40 --wanted 40 --into data/profiles
    cargo run --release -- fit 2008-09-threshold --first 300 --tried 24 --wanted 24 --stages 3 --into data/profiles

# Write docs/evidence.md and docs/holdout.md anew
evidence:
    cargo run --release -- evidence --into docs
