using System.CommandLine;
using ChainRule.Cli;
using ChainRule.Cli.Commands;

return await Tool.RunAsync(new Command("chainrule", "Train, sample and check small neural networks.")
{
    TrainCommand.Create(),
    SampleCommand.Create(),
    CheckCommand.Create(),
    InfoCommand.Create(),
    CompareCommand.Create(),
    DataCommand.Create(),
    LessonsCommand.Create(),
}, args);
