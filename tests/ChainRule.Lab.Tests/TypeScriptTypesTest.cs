using ChainRule.Lab.Graph;
using ChainRule.Lab.Images;
using ChainRule.Lab.LanguageModels;
using ChainRule.Lab.Learning;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Shapes;

namespace ChainRule.Lab.Tests;

/// <summary>The page is compiled with the types that the sessions have.</summary>
public sealed class TypeScriptTypesTest
{
    [Fact]
    public void The_types_of_sessions_are_those_of_the_records() => Same("sessions", TypeScriptTypes.Of("sessions",
        LabJson.Default, typeof(OpenRequest), typeof(OpenAnswer), typeof(RefusedAnswer), typeof(LabRoomsAnswer),
        typeof(NumberBlock)));

    [Fact]
    public void The_types_of_the_playground_are_those_of_the_records() => Same("playground", TypeScriptTypes.Of(
        "playground", PlaygroundJson.Default, typeof(PlaygroundRequest), typeof(PlaygroundAnswer)));

    [Fact]
    public void The_types_of_the_graph_are_those_of_the_records() => Same("graph", TypeScriptTypes.Of(
        "graph", GraphJson.Default, typeof(GraphRequest), typeof(GraphReply)));

    [Fact]
    public void The_types_of_shapes_are_those_of_the_records() => Same("shapes", TypeScriptTypes.Of(
        "shapes", ShapesJson.Default, typeof(ShapesRequest), typeof(ShapesAnswer)));

    [Fact]
    public void The_types_of_language_models_are_those_of_the_records() => Same("language-models", TypeScriptTypes.Of(
        "language-models", LanguageModelsJson.Default, typeof(LanguageModelsRequest), typeof(LanguageModelsAnswer)));

    [Fact]
    public void The_types_of_images_are_those_of_the_records() => Same("images", TypeScriptTypes.Of(
        "images", ImagesJson.Default, typeof(ImagesRequest), typeof(ImagesAnswer)));

    [Fact]
    public void The_types_of_the_course_are_those_of_the_records() => Same("course", TypeScriptTypes.Of("course",
        CourseJson.Default, typeof(CourseRequest), typeof(CourseAnswer), typeof(CourseEvent)));

    [Fact]
    public void The_types_of_runs_are_those_of_the_records() => Same("runs", TypeScriptTypes.Of("runs",
        RunsJson.Default, typeof(RunsRequest), typeof(TableAnswer), typeof(CurvesAnswer), typeof(TailAnswer),
        typeof(BandsAnswer), typeof(DifferencesAnswer), typeof(LayersAnswer), typeof(WeightsAnswer),
        typeof(SamplesAnswer), typeof(WorkersAnswer), typeof(ChainRule.Lab.Runs.DiagnosisAnswer), typeof(DoneAnswer),
        typeof(MetricOriginAnswer), typeof(FileAnswer), typeof(RunsEvent)));

    static void Same(string room, string now)
    {
        string path = Path.Combine(Web.Root, "web", "src", "generated", room + ".ts");
        if (Environment.GetEnvironmentVariable("CHAINRULE_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, now);
        }
        Assert.True(File.Exists(path) && File.ReadAllText(path) == now,
            $"web/src/generated/{room}.ts is not what the records say: run this test once with CHAINRULE_ACCEPT=1");
    }
}
