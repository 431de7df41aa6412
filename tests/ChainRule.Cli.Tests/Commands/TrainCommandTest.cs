using System.Text.RegularExpressions;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Tests.Commands;

public sealed class TrainCommandTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Training_prints_plain_lines_and_where_it_saved()
    {
        string[] lines = _small.Train("run", 40).Lines;
        Assert.Matches(@"^300 names \(few\.txt\): [\d,]+ examples to train, \d+ to validate, \d+ to test$", lines[0]);
        Assert.Equal("; seed 42; 40 steps; in run", lines[1][lines[1].IndexOf(';', StringComparison.Ordinal)..]);
        string[] steps = [.. lines.Where(line => line.StartsWith("step ", StringComparison.Ordinal))];
        Assert.Equal(21, steps.Length);
        Assert.All(steps, line => Assert.Matches(
            @"^step +\d+  loss (\d\.\d{4}|      )  validation \d\.\d{4}  perplexity +\d+\.\d\d  bits \d\.\d{3}  "
                + @"learning rate (\d\.\d{4}|\d\.\de-\d)$", line));
        Assert.Contains(lines, line => line.StartsWith("best at step ", StringComparison.Ordinal));
        Assert.Contains(lines,
            line => Regex.IsMatch(line,
                @"^on validation data a perplexity of \d+\.\d\d, and \d\.\d{3} bits a character$"));
        Assert.Contains("20 generated names, none of them in the data (temperature 0.8):", lines);
        Assert.Equal("Saved in run. More names: chainrule sample run", lines[^1]);
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
        Assert.Equal(["last.safetensors", "layers.jsonl", "metrics.jsonl", "model.safetensors", "run.json",
            "summary.json"], Directory.GetFiles(_small.PathOf("run")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Without_a_place_it_takes_the_next_free_one_under_runs()
    {
        _small.Run("train", "names", "--data", "few.txt", "--steps", "2", "--model", "bigram").Well();
        _small.Run("train", "names", "--data", "few.txt", "--steps", "2", "--model", "bigram").Well();
        Assert.Equal(["names-bigram", "names-bigram-2"],
            Directory.GetDirectories(_small.PathOf("runs")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_folder_one_is_in_will_do()
    {
        string here = Directory.CreateDirectory(_small.PathOf("here")).FullName;
        CommandLine.Run(here, "train", "names", "--model", "bigram", "--steps", "2", "--out", ".").Well();
        CommandLine.Run(here, "train", "names", "--resume", ".").Well();
        Assert.Equal(5, CommandLine.Run(here, "sample", ".", "--count", "5").Well().Output.Count(c => c == '\n'));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        _small.Train("one", 40, "--threads", "1");
        _small.Train("two", 40, "--threads", "2");
        _small.AssertSameBits("one", "two");
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_sentence_and_nothing_is_left()
    {
        File.WriteAllText(_small.PathOf("file"), "text");
        Assert.Equal($"train: {_small.PathOf("file")}/run cannot be made, because {_small.PathOf("file")} is a file: "
            + "choose another --out",
            _small.Run(_small.Command("file/run", 2)).Refused(1));
        Assert.Equal("train: '' is no path: give that of a new folder by --out",
            _small.Run(_small.Command("", 2)).Refused(1));
        if (OperatingSystem.IsLinux())
            Assert.Matches(@"^train: nothing can be written at /sys/run \([^()]+\): choose another --out$",
                _small.Run(_small.Command("/sys/run", 2)).Refused(1));
        Assert.Equal(2, Directory.GetFileSystemEntries(_small.Path).Length);
    }

    [Fact]
    public void What_comes_through_a_pipe_is_trained_on_and_kept_so_that_the_run_can_be_resumed()
    {
        if (OperatingSystem.IsWindows()) return;
        const string Small = "--model bigram --steps 20";
        CommandLine.Script(_small.Path, $"chainrule train names {Small} --data few.txt --out file").Well();
        foreach (var (name, script) in new[]
        {
            ("dash", $"cat few.txt | chainrule train names {Small} --data - --out dash"),
            ("stdin", $"chainrule train names {Small} --data /dev/stdin --out stdin < few.txt"),
            ("fd", $"chainrule train names {Small} --data <(cat few.txt) --out fd"),
            ("fifo", $"mkfifo p; cat few.txt > p & chainrule train names {Small} --data p --out fifo"),
        })
        {
            Assert.StartsWith("300 names (data.txt): ", CommandLine.Script(_small.Path, script).Well().Lines[0],
                StringComparison.Ordinal);
            Assert.Equal(File.ReadAllBytes(_small.PathOf("few.txt")),
                File.ReadAllBytes(_small.PathOf($"{name}/data.txt")));
            Directory.Move(_small.PathOf(name), _small.PathOf(name + "-moved"));
            _small.Run("train", "names", "--resume", name + "-moved").Well();
            Assert.Equal(Training.Safetensors.Read(_small.PathOf("file/model.safetensors")).Bytes("logits.weight"),
                Training.Safetensors.Read(_small.PathOf($"{name}-moved/model.safetensors")).Bytes("logits.weight"));
        }
        foreach (string device in (string[])["/dev/zero", "/dev/urandom", "/dev/null"])
        {
            Assert.NotEqual("", _small.Run("train", "names", "--data", device, "--out", "device").Refused(1));
            Assert.NotEqual("", _small.Run("train", "text", "--data", device, "--out", "device").Refused(1));
        }
        Assert.Equal("text: 'standard input' is longer than 1,000,000 bytes, the most that is read: give a shorter "
            + "one, or allow more by the environment variable CHAINRULE_MAX_BYTES",
            CommandLine.Script(_small.Path, "export CHAINRULE_MAX_BYTES=1000000; yes 2>&- | chainrule train text "
                + "--data - --out device").Refused(1));
        Assert.False(Directory.Exists(_small.PathOf("device")));
    }

    [Fact]
    public void A_command_that_is_printed_can_be_pasted()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (string name in (string[])["my run", "it's $HOME", "a;b&c", "[x]*", "~tilde"])
        {
            string hint = _small.Train(name, 5, "--model", "bigram").Lines[^1];
            string command = hint[hint.IndexOf("chainrule sample ", StringComparison.Ordinal)..];
            Assert.Equal(20, CommandLine.Script(_small.Path, command).Well().Lines.Length);
            foreach (string file in (string[])["summary.json", "model.safetensors"])
                File.Delete(_small.PathOf($"{name}/{file}"));
            string line = _small.Run("info", name)
                .Well().Lines.Single(line => line.StartsWith("not finished", StringComparison.Ordinal));
            string resume = line[line.IndexOf("chainrule ", StringComparison.Ordinal)..];
            Assert.StartsWith("names: there is no file gone",
                CommandLine.Script(_small.Path, resume + " --data gone").Refused(1), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_training_that_diverges_sends_to_a_command()
    {
        var ended = _small.Run(_small.Command("wild", 50, "--learning-rate", "1e30"));
        Assert.Equal(Tool.Failed, ended.Code);
        Assert.Contains($"find the cause by '{Shell.Tool} diagnose DIR'", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("NanWatch", ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_on_names_is_measured_by_info_and_asks_for_no_file()
    {
        _small.Train("run", 2);
        Assert.Equal("evaluate: run is a run on names, whose losses are said by: chainrule info run",
            _small.Run("evaluate", "run").Refused(1));
    }

    [Fact]
    public void A_run_is_not_trained_over()
    {
        _small.Train("run", 2);
        var before = _small.Bits("run");
        Assert.Equal($"train: {_small.PathOf("run")} already holds a run: choose another --out, or go on with it by "
            + $"--resume {_small.PathOf("run")}; a program gives another folder, or calls TrainingRun.Resume",
            _small.Run(_small.Command("run", 3)).Refused(1));
        Assert.Equal(before.Last, _small.Bits("run").Last);
    }

    [Fact]
    public void On_a_text_it_writes_a_passage_and_a_run_of_one_kind_is_not_taken_up_as_the_other()
    {
        string[] lines = _small.Run("train", "text", "--data", "few.txt", "--model", "bigram", "--steps", "20")
            .Well().Lines;
        Assert.Matches(@"^[\d,]+ characters \(few\.txt\), 27 of them distinct: [\d,]+ to train, \d+ to validate$",
            lines[0]);
        Assert.Contains(lines,
            line => line.StartsWith("best at step ", StringComparison.Ordinal)
                && line.Contains(" on validation (it began at ", StringComparison.Ordinal));
        Assert.Contains("It writes (temperature 0.8):", lines);
        Assert.Equal("Saved in runs/text-bigram. More text: chainrule sample runs/text-bigram", lines[^1]);
        Assert.Equal("train names: runs/text-bigram is a run on text: go on with it by: chainrule train text --resume "
            + "runs/text-bigram",
            _small.Run("train", "names", "--resume", "runs/text-bigram").Refused(1));
        _small.Run("train", "text", "--resume", "runs/text-bigram").Well();
    }

    [Fact]
    public void Sequences_are_learned_gone_on_with_and_described()
    {
        string[] lines = _small.Run("train", "sequences", "--problem", "parity", "--length", "6", "--count", "64",
            "--steps", "30", "--out", "s").Well().Lines;
        Assert.Equal("parity: 64 sequences to train, 16 to validate and 16 to test with, of 6 steps", lines[0]);
        Assert.Contains(lines, line => Regex.IsMatch(line,
            @"^accuracy [01]\.\d{4} on validation data, [01]\.\d{4} on test data; a guess has 0\.50$"));
        Assert.Equal("Saved in s. Measure it on longer ones: chainrule evaluate s --length 100", lines[^1]);
        _small.Run("train", "sequences", "--resume", "s").Well();
        Assert.Contains("problem parity", _small.Run("info", "s").Well().Output, StringComparison.Ordinal);
        Assert.Equal("train sequences: delay 9 in length 5: give a delay below the length",
            _small.Run("train", "sequences", "--length", "5", "--delay", "9").Refused(2).Split(". Try ")[0]);
    }

    [Fact]
    public void An_autoencoder_gives_images_back_on_a_page()
    {
        string[] lines = _small.Run("train", "autoencoder", "--size", "8", "--steps", "30", "--set", "hidden=16",
            "--out", "a").Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("of the variance around the mean image it explains ",
            StringComparison.Ordinal));
        Assert.Equal("Saved in a. Give images back: chainrule predict a IMAGE.png --out restored", lines[^1]);
        string page = File.ReadAllText(_small.PathOf("a/report.html"));
        foreach (string part in (string[])["Given back", "Codes", "Each dot is an image"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        _small.Run("train", "autoencoder", "--resume", "a").Well();
    }
}
