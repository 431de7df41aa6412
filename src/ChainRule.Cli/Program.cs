using ChainRule.Cli;

return await Tool.RunAsync(args);
