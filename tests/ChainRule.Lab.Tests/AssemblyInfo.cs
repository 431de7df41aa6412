// The browser, sessions that play and programs that are compiled would take one another's time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
