using ChainRule.Cli.Commands;
using k8s;
using k8s.Models;

namespace ChainRule.Cli.Tests.Commands;

public sealed class ClusterTest : IDisposable
{
    const string File = """
        {
            "name": "It's $5: \"rates\"", "task": "table", "seeds": 2,
            "base": { "drawn": "moons", "rows": 100, "model": "dense", "steps": 40, "patience": null, "evalEvery": 10 },
            "changes": [ { "learningRate": 0.00001 }, { "hidden": 4 } ]
        }
        """;

    readonly SmallTraining _small = new();

    public ClusterTest() => System.IO.File.WriteAllText(_small.PathOf("rates.json"), File);

    public void Dispose() => _small.Dispose();

    void AssertSameRuns(string one, string other)
    {
        string[] runs = Directory.GetDirectories(_small.PathOf(one), "seed-*", SearchOption.AllDirectories);
        Assert.Equal(6, runs.Length);
        foreach (string run in runs)
        {
            string name = Path.GetRelativePath(_small.PathOf(one), run);
            _small.AssertSameBits($"{one}/{name}", $"{other}/{name}");
        }
    }

    [Fact]
    public void Eight_processes_of_which_some_are_killed_make_the_runs_that_one_makes_alone()
    {
        _small.Run("experiment", "rates.json", "--out", "alone").Well();
        string[] args = ["experiment", "rates.json", "--out", "shared", "--claim", "--parallel", "1", "--threads", "1"];
        var random = new Random(1);
        var all = Enumerable.Range(0, 8).Select(_ => CommandLine.Start(_small.Path, args)).ToList();
        foreach (var one in all.Take(5))
        {
            int lines = random.Next(1, 4);
            one.Said += _ =>
            {
                if (--lines == 0) one.Kill();
            };
        }
        string[] tables = [.. all.Skip(5).Select(one => Table(one.Wait().Well()))];
        foreach (var one in all.Take(5)) one.Wait();
        foreach (var one in all) one.Dispose();
        Assert.StartsWith("variant ", tables[0], StringComparison.Ordinal);
        Assert.All(tables, table => Assert.Equal(tables[0], table));
        AssertSameRuns("alone", "shared");
        Assert.Empty(Directory.GetDirectories(_small.PathOf("shared/claims"), "run", SearchOption.AllDirectories));

        static string Table(Ended ended) =>
            string.Join('\n', ended.Lines.SkipWhile(line => !line.StartsWith("variant ", StringComparison.Ordinal)));
    }

    // One that is dead is known at once; one that stands still when its claim has not changed for as long as was said.
    [Theory]
    [InlineData(true, "120")]
    [InlineData(false, "1")]
    public void The_run_of_a_process_that_is_killed_or_stands_still_is_taken_over(bool isKilled, string patience)
    {
        _small.Run("experiment", "rates.json", "--out", "alone").Well();
        string[] args = ["experiment", "rates.json", "--out", "shared", "--claim", "--parallel", "1"];
        using var first = CommandLine.Start(_small.Path, args);
        // Before it has said who it is, only time tells that it is gone.
        while (!Claims("*.1").Any(one => new FileInfo(one).Length > 0)) Thread.Yield();
        if (isKilled) first.Kill();
        else first.Pause();
        using var second = CommandLine.Start(_small.Path, [.. args, "--stale-after", patience]);
        second.Wait().Well();
        Assert.Single(Claims("*.2"));
        AssertSameRuns("alone", "shared");
        if (isKilled) return;
        first.Continue();
        first.Wait().Well();
        AssertSameRuns("alone", "shared");

        string[] Claims(string pattern) => !Directory.Exists(_small.PathOf("shared/claims")) ? []
            : Directory.GetFiles(_small.PathOf("shared/claims"), pattern);
    }

    [Fact]
    public void The_script_for_Slurm_does_the_work_in_bash()
    {
        Directory.CreateDirectory(_small.PathOf("it's $HOME"));
        _small.Run("experiment", "rates.json", "--out", "it's $HOME/a", "--slurm", "--job-file", "job.sbatch",
            "--tasks", "2", "--tasks-at-once", "1", "--cpus", "1", "--memory", "1GB").Well();
        string script = System.IO.File.ReadAllText(_small.PathOf("job.sbatch"));
        Assert.Equal("experiment: job.sbatch is there already, and is not written over: give another name by "
            + "--job-file, or remove it first",
            _small.Run("experiment", "rates.json", "--slurm", "--job-file", "job.sbatch").Refused(1));
        Assert.Equal("--claim does not go with --slurm, whose tasks claim the runs anyway: leave it out",
            _small.Run("experiment", "rates.json", "--slurm", "--claim").Refused(1));
        foreach (string line in (string[])["#!/bin/bash", "#SBATCH --job-name=chainrule-it-s-5-rates",
            "#SBATCH --array=0-1%1", "#SBATCH --cpus-per-task=1", "#SBATCH --mem=954M"])
            Assert.Contains(line + "\n", script, StringComparison.Ordinal);
        CommandLine.Script(_small.Path, "bash -n job.sbatch").Well();
        _small.Run("experiment", "rates.json", "--out", "alone").Well();
        string[] lines = CommandLine.Script(_small.Path, """
            printf '#!/bin/bash\nexec dotnet "$DLL" "$@"\n' > tool && chmod +x tool
            export CHAINRULE=./tool
            SLURM_ARRAY_TASK_ID=0 bash job.sbatch & SLURM_ARRAY_TASK_ID=1 bash job.sbatch; wait
            """).Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("task 1 on ", StringComparison.Ordinal));
        AssertSameRuns("alone", "it's $HOME/a");
    }

    [Fact]
    public void The_manifest_is_a_Job_as_Kubernetes_reads_it()
    {
        string text = _small.Run("experiment", "rates.json", "--out", "runs/it's $(HOME): \"a\"", "--kubernetes",
            "--image", "registry:5000/chainrule:1", "--volume-claim", "data", "--mount", "/work space", "--tasks", "3",
            "--tasks-at-once", "2", "--cpus", "2", "--memory", "2Gi").Well().Output;
        var job = KubernetesYaml.Deserialize<V1Job>(text, strict: true);
        Assert.Equal(("batch/v1", "Job", "chainrule-it-s-5-rates"), (job.ApiVersion, job.Kind, job.Metadata.Name));
        Assert.True(ClusterJob.IsDnsName(job.Metadata.Name));
        Assert.Equal(("Indexed", 3, 2, 9), (job.Spec.CompletionMode, job.Spec.Completions!.Value,
            job.Spec.Parallelism!.Value, job.Spec.BackoffLimit!.Value));
        var pod = job.Spec.Template.Spec;
        Assert.Equal("Never", pod.RestartPolicy);
        var container = Assert.Single(pod.Containers);
        Assert.Equal(("chainrule", "registry:5000/chainrule:1", "/work space"),
            (container.Name, container.Image, container.WorkingDir));
        Assert.Equal(["chainrule"], container.Command);
        // Kubernetes reads $$ as $.
        Assert.Equal(["experiment", "/work space/rates.json", "--out", "/work space/runs/it's $$(HOME): \"a\"",
            "--claim", "--threads", "2"], container.Args);
        foreach (var amounts in new[] { container.Resources.Requests, container.Resources.Limits })
            Assert.Equal(("2", "2Gi"), (amounts["cpu"].ToString(), amounts["memory"].ToString()));
        var mount = Assert.Single(container.VolumeMounts);
        var volume = Assert.Single(pod.Volumes);
        Assert.Equal(("/work space", volume.Name), (mount.MountPath, mount.Name));
        Assert.Equal("data", volume.PersistentVolumeClaim.ClaimName);
    }

    [Theory]
    [InlineData("--slurm --kubernetes", "--slurm and --kubernetes: give one of them")]
    [InlineData("--tasks 3", "--tasks is for a job of a cluster: give --slurm or --kubernetes with it")]
    [InlineData("--slurm --image a", "--image is for a job of Kubernetes: give --kubernetes with it")]
    [InlineData("--kubernetes --volume-claim a", "--kubernetes: give --image IMAGE with it")]
    [InlineData("--kubernetes --image a --volume-claim A_b", "--volume-claim A_b is no name of Kubernetes: give small "
        + "letters, digits and hyphens, 63 at most, with a letter or digit at both ends")]
    [InlineData("--slurm --memory lots", "--memory lots is no size of memory: give a size such as 4GB, 512MiB or 8Gi")]
    [InlineData("--stale-after 5", "--stale-after is for processes that claim runs: give --claim with it")]
    [InlineData("--kubernetes --image a --volume-claim b --out /elsewhere", "--kubernetes: /elsewhere is not in the "
        + "volume at /shared: give a path in it, or another --mount")]
    public void What_does_not_go_together_is_refused_in_one_sentence(string options, string sentence) =>
        Assert.Contains(sentence, _small.Run(["experiment", "rates.json", .. options.Split(' ')]).Errors,
            StringComparison.Ordinal);

    [Fact]
    public void A_folder_of_another_file_is_refused()
    {
        string[] args = ["experiment", "rates.json", "--out", "shared", "--claim"];
        _small.Run(args).Well();
        System.IO.File.WriteAllText(_small.PathOf("rates.json"), File.Replace("0.00001", "0.0001",
            StringComparison.Ordinal));
        Assert.Contains("belongs to another experiment, or its file was changed since it was begun", _small.Run(args)
            .Errors, StringComparison.Ordinal);
    }
}
