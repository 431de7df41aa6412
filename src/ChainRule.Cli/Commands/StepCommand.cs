using System.CommandLine;
using System.Globalization;
using ChainRule.Explaining;
using Spectre.Console;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule step: a backward pass op by op; on a terminal forward and back by the arrow keys, anywhere else as lines.
/// </summary>
static class StepCommand
{
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(30);

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
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var walk = Walk(parsed.GetValue(what)!, parsed.GetValue(numbers) ?? []);
            if (!parsed.GetValue(plain) && !Console.IsOutputRedirected && !Console.IsInputRedirected
                && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true }) Show(walk, cancel);
            else Print(walk);
            return Tool.Done;
        }, CancellationToken.None));
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

    /// <summary>
    /// The screen as it is now, in a window of a size: all ops, the last step that was made, and the gradients so far.
    /// Where they do not fit, the step comes first, then the ops around it, then the latest gradients.
    /// </summary>
    internal static string Screen(BackpropWalk walk, int width = int.MaxValue, int height = int.MaxValue)
    {
        string[] ops = [.. walk.Select(step => $"{(step == walk.Current ? ">" : step.Number <= walk.Position ? "✓"
                : " ")} {step.Number,3}  {string.Join(", ", step.Came.Select(y => y.Name))} = {step.Op}({
                string.Join(", ", step.Inputs.Select(x => x.Name))})")],
            current = [.. Terminal.Wrap(walk.Current?.ToString() ?? "before the first step", width)],
            gradients = [.. Gradients(walk).SelectMany(line => Terminal.Wrap(line, width))];
        string head = $"backward pass: {walk.Position} of {walk.Count} steps";
        // The head, the keys, and the empty lines between five parts.
        int left = height == int.MaxValue ? int.MaxValue : Math.Max(1, height - 6);
        const int Near = 3;
        current = Fitting(current, left > 4 * Near ? left - Near : left, 0);
        left = Math.Max(0, left - current.Length);
        string[] near = Fitting(ops, Math.Max(Math.Min(left, Near), left - Math.Min(gradients.Length, left / 2)),
            walk.Position - 1);
        string[] latest = Fitting(gradients, left - near.Length, gradients.Length - 1);
        string[][] parts = [[head], near, current, latest, [Keys]];
        string[] lines = [.. parts.Where(part => part.Length > 0)
            .SelectMany((part, i) => i == 0 ? part : ["", .. part])];
        if (lines.Length > height) lines = [.. lines.Where(line => line.Length > 0).Take(height)];
        return string.Join('\n', lines.Select(line => Terminal.Cut(line, width)));
    }

    /// <summary>As many lines as fit, around one of them; what is left out is told by an ellipsis.</summary>
    static string[] Fitting(string[] lines, int most, int around)
    {
        if (lines.Length <= most) return lines;
        if (most < 1) return [];
        int from = Math.Clamp(around - most / 2, 0, lines.Length - most);
        string[] shown = lines[from..(from + most)];
        if (from > 0 && most > 2) shown[0] = "    …";
        if (from + most < lines.Length && most > 2) shown[^1] = "    …";
        return shown;
    }

    static string[] Gradients(BackpropWalk walk) => [walk.Position < walk.Count ? "gradients so far:" : "gradients:",
        .. walk.Gradients.Select(one => $"  {BackpropStep.Derivative(one.Key)} = {BackpropStep.Text(one.Value)}")];

    static void Print(BackpropWalk walk)
    {
        while (walk.Forward()) Console.WriteLine($"{walk.Current}\n");
        Console.WriteLine(string.Join('\n', Gradients(walk)));
    }

    // On a screen of its own, so that what stood on the terminal comes back; drawn anew when the window changes.
    static void Show(BackpropWalk walk, CancellationToken cancel)
    {
        var screen = AnsiConsole.Profile.Out.Writer;
        screen.Write("\e[?1049h\e[?25l");
        try
        {
            (int, int) drawn = default;
            while (!cancel.IsCancellationRequested)
            {
                var (width, height) = (Terminal.Width, Terminal.Height);
                if (drawn != (width, height))
                    screen.Write($"\e[H\e[2J{Printable.Block(Screen(walk, width, height))}");
                screen.Flush();
                drawn = (width, height);
                if (!Console.KeyAvailable)
                {
                    cancel.WaitHandle.WaitOne(s_poll);
                    continue;
                }
                if (!Press(walk, Console.ReadKey(intercept: true))) break;
                drawn = default;
            }
        }
        finally
        {
            screen.Write("\e[?25h\e[?1049l");
            screen.Flush();
        }
        Console.WriteLine(string.Join('\n', Gradients(walk)));
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
                throw new ArgumentException($"step: {Printable.Of(number)}: give NAME=NUMBER, such as x=2"
                    + NumberOptions.CommaRemark(number.Split('=')[^1]));
            if (!given.TryAdd(name, x))
                throw new ArgumentException($"step: {Printable.Of(number)}: {Printable.Of(name)} has a number already");
        }
        return StepPrograms.Formula(program, given);
    }
}
