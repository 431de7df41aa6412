using ChainRule.Images;
using System.CommandLine;
using ChainRule.Cli;
using ChainRule.Cli.Commands;

// Runs on images read PNG and JPEG.
ImageFiles.Install();
return await Tool.RunAsync(new Command("chainrule", "Train, sample and check small neural networks.")
{
    TrainCommand.Create(),
    SampleCommand.Create(),
    FitCommand.Create(),
    PredictCommand.Create(),
    EvaluateCommand.Create(),
    RecommendCommand.Create(),
    MapCommand.Create(),
    CheckCommand.Create(),
    ExplainCommand.Create(),
    RewindCommand.Create(),
    StepCommand.Create(),
    DiagnoseCommand.Create(),
    ExportCommand.Create(),
    InfoCommand.Create(),
    CompareCommand.Create(),
    ExperimentCommand.Create(),
    DataCommand.Create(),
    LessonsCommand.Create(),
    LearnCommand.Create(),
    DerivationCommand.Create(),
    LabCommand.Create(),
}, args);
