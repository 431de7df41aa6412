using System.CommandLine;
using System.Globalization;
using System.Text;
using ChainRule.Explaining;
using Spectre.Console;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule step: a backward pass op by op; on a terminal forward and back by the arrow keys, anywhere else as lines.
/// </summary>
static class StepCommand
{
    const string Keys = "→ next   ← back   Home, End   q quit";

    public static Command Create()
    {
        string programs = string.Concat(StepPrograms.All.Select(one => $"\n  {one.Name,-16} {one.Summary}"));
        var what = new Argument<string>("PROGRAM")
        {
            Description = "A formula such as 'tanh(x*w + b)', or one of [default: neuron]:" + programs,
            DefaultValueFactory = _ => StepPrograms.All[0].Name,
        };
        var numbers = new Argument<string[]>("NAME=NUMBER")
            { Description = "The number of each name in a formula: x=2 w=-3 b=1", Arity = ArgumentArity.ZeroOrMore };
        var plain = new Option<bool>("--plain") { Description = "Print all steps as lines, on a terminal too" };
        var command = new Command("step", "Walk through a backward pass op by op, forward and back again")
            { what, numbers, plain };
        command.SetAction(parsed =>
        {
            var walk = Walk(parsed.GetValue(what)!, parsed.GetValue(numbers) ?? []);
            if (!parsed.GetValue(plain) && !Console.IsOutputRedirected && !Console.IsInputRedirected
                && AnsiConsole.Profile.Capabilities.Interactive) Show(walk);
            else Print(walk);
            return Tool.Done;
        });
        return command.WithExamples("chainrule step", "chainrule step network",
            "chainrule step 'tanh(x*w + b)' x=2 w=-3 b=6.5", "chainrule step simple-gradient --plain");
    }

    /// <summary>What a key does; false where it ends the walk.</summary>
    internal static bool Press(BackpropWalk walk, ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.RightArrow or ConsoleKey.DownArrow or ConsoleKey.Spacebar or ConsoleKey.Enter:
                walk.Forward();
                return true;
            case ConsoleKey.LeftArrow or ConsoleKey.UpArrow or ConsoleKey.Backspace:
                walk.Back();
                return true;
            case ConsoleKey.Home:
                while (walk.Back()) { }
                return true;
            case ConsoleKey.End:
                while (walk.Forward()) { }
                return true;
            default:
                return key.Key is not (ConsoleKey.Q or ConsoleKey.Escape);
        }
    }

    /// <summary>The screen as it is now: all ops, the last step that was made, and the gradients so far.</summary>
    internal static string Screen(BackpropWalk walk)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"backward pass: {walk.Position} of {walk.Count} steps\n\n");
        foreach (var step in walk)
        {
            string mark = step == walk.Current ? ">" : step.Number <= walk.Position ? "✓" : " ";
            text.Append(CultureInfo.InvariantCulture, $"{mark} {step.Number,3}  {string.Join(", ",
                step.Came.Select(y => y.Name))} = {step.Op}({string.Join(", ",
                step.Inputs.Select(x => x.Name))})\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n{walk.Current?.ToString() ?? "before the first step"}\n\n");
        return text.Append(Gradients(walk)).Append("\n\n").Append(Keys).ToString();
    }

    static string Gradients(BackpropWalk walk) => 
        (walk.Position < walk.Count ? "gradients so far:\n" : "gradients:\n") + string.Join('\n',
            walk.Gradients.Select(one => $"  {BackpropStep.Derivative(one.Key)} = {BackpropStep.Text(one.Value)}"));

    static void Print(BackpropWalk walk)
    {
        while (walk.Forward()) Console.WriteLine($"{walk.Current}\n");
        Console.WriteLine(Gradients(walk));
    }

    static void Show(BackpropWalk walk)
    {
        do
        {
            AnsiConsole.Clear();
            AnsiConsole.Write(new Text(Screen(walk)));
        }
        while (Press(walk, Console.ReadKey(intercept: true)));
        AnsiConsole.WriteLine();
    }

    static BackpropWalk Walk(string program, string[] numbers)
    {
        var known = StepPrograms.All.FirstOrDefault(one => one.Name == program);
        if (known.Walk is not null)
            return numbers.Length == 0 ? known.Walk()
                : throw new ArgumentException($"step: {Printable.Of(numbers[0])}: {program} has its own numbers: give "
                    + "them with a formula");
        Dictionary<string, double> given = [];
        foreach (string number in numbers)
        {
            if (number.Split('=', 2) is not [var name, var text] || !double.TryParse(text, NumberStyles.Float,
                CultureInfo.InvariantCulture, out double x) || !double.IsFinite(x) || name.Length == 0)
                throw new ArgumentException($"step: {Printable.Of(number)}: give NAME=NUMBER, such as x=2");
            if (!given.TryAdd(name, x))
                throw new ArgumentException($"step: {Printable.Of(number)}: {Printable.Of(name)} has a number already");
        }
        return StepPrograms.Formula(program, given);
    }
}
