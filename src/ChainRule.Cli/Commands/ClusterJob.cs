using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChainRule.Cli.Commands;

/// <summary>A job of a cluster whose tasks claim the runs of one experiment.</summary>
/// <param name="Name">The name of the experiment.</param>
/// <param name="File">Its file, as the tasks find it.</param>
/// <param name="Folder">The shared folder of the runs, as the tasks find it.</param>
/// <param name="Tasks">How many tasks there are.</param>
/// <param name="AtOnce">How many of them run at the same time.</param>
/// <param name="Cpus">How many cores each has, which is also how many threads it uses.</param>
/// <param name="Memory">How many MiB of memory each has.</param>
sealed partial record ClusterJob(string Name, string File, string Folder, int Tasks, int AtOnce, int Cpus, long Memory)
{
    /// <summary>A memory size in MiB, rounded up; an error where it is none.</summary>
    public static long MemoryOf(string text)
    {
        return ByteSize.Parse(text) is > 0 and <= (long)1e15 and var bytes ? (bytes + (1 << 20) - 1) >> 20
            : throw new ArgumentException($"--memory {Printable.Of(text, 40)} is no size of memory: give a size such "
                + "as 4GB, 512MiB or 8Gi");
    }

    /// <summary>A script for sbatch: an array of tasks.</summary>
    public string Slurm()
    {
        string most = AtOnce < Tasks ? $"%{AtOnce}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            #!/bin/bash
            #SBATCH --job-name={DnsName()}
            #SBATCH --array=0-{Tasks - 1}{most}
            #SBATCH --cpus-per-task={Cpus}
            #SBATCH --mem={Memory}M
            #SBATCH --requeue
            set -eu
            # CHAINRULE may name the tool where it is not on the PATH. Submitted again, it goes on where it was.
            echo "task ${"{"}SLURM_ARRAY_TASK_ID:-0{"}"} on $(uname -n)"
            exec "${"{"}CHAINRULE:-chainrule{"}"}" {string.Join(' ', Arguments.Select(Bash))}

            """).ReplaceLineEndings("\n");
    }

    /// <summary>A manifest of Kubernetes: an Indexed Job.</summary>
    public string Kubernetes(string image, string volumeClaim, string mount)
    {
        string limits = string.Create(CultureInfo.InvariantCulture, $"cpu: \"{Cpus}\", memory: {Memory}Mi");
        return string.Create(CultureInfo.InvariantCulture, $"""
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {Yaml(DnsName())}
            spec:
              completionMode: Indexed
              completions: {Tasks}
              parallelism: {AtOnce}
              backoffLimit: {3 * Tasks}
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: chainrule
                      image: {Yaml(image)}
                      workingDir: {Yaml(mount)}
                      command: ["chainrule"]
                      args: [{string.Join(", ", Arguments.Select(one => Yaml(Unexpanded(one))))}]
                      resources:
                        requests: {"{"} {limits} {"}"}
                        limits: {"{"} {limits} {"}"}
                      volumeMounts:
                        - name: shared
                          mountPath: {Yaml(mount)}
                  volumes:
                    - name: shared
                      persistentVolumeClaim:
                        claimName: {Yaml(volumeClaim)}

            """).ReplaceLineEndings("\n");
    }

    /// <summary>Whether Kubernetes takes a name: RFC 1123, 63 characters at most.</summary>
    public static bool IsDnsName(string name) => name.Length <= 63 && DnsLabel().IsMatch(name);

    /// <summary>The name of the job: the experiment's, in small letters, digits and hyphens.</summary>
    // A pod's name is the job's, its index and five letters.
    public string DnsName() => $"chainrule-{NotOfLabel().Replace(Name.ToLowerInvariant(), "-")}" is var name
        ? name[..Math.Min(name.Length, 50)].TrimEnd('-') : "";

    string[] Arguments => ["experiment", File, "--out", Folder, "--claim", "--threads",
        Cpus.ToString(CultureInfo.InvariantCulture)];

    /// <summary>One word for bash.</summary>
    static string Bash(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Kubernetes puts variables in the place of $(NAME), and reads $$ as $.</summary>
    static string Unexpanded(string word) => word.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>A double-quoted scalar of YAML.</summary>
    static string Yaml(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c is '"' or '\\' ? $"\\{c}"
                : char.IsControl(c) || c is '\u2028' or '\u2029' ? $"\\u{(int)c:x4}" : $"{c}");
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfLabel();
}
