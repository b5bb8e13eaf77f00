mod runner;
mod smoke {
    #[test]
    fn ok() {}
}
