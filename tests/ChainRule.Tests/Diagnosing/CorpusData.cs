namespace ChainRule.Tests.Diagnosing;

using ChainRule.Data;
using ChainRule.Randomness;

/// <summary>Small data, drawn from a seed: digits, a table of classes, a table of numbers, names.</summary>
static class CorpusData
{
    public const int Pixels = 8, Rows = 600, Held = 200, Letters = 27, Context = 3;

    // Digits of 5 rows by 3, one character a pixel.
    static readonly string[] s_digits =
    [
        "###|#.#|#.#|#.#|###", ".#.|##.|.#.|.#.|###", "###|..#|###|#..|###", "###|..#|###|..#|###",
        "#.#|#.#|###|..#|..#", "###|#..|###|..#|###", "###|#..|###|#.#|###", "###|..#|.#.|.#.|.#.",
        "###|#.#|###|#.#|###", "###|#.#|###|..#|###",
    ];

    static readonly string[] s_names =
    [
        "emma", "olivia", "ava", "isabella", "sophia", "charlotte", "mia", "amelia", "harper", "evelyn", "abigail",
        "emily", "elizabeth", "mila", "ella", "avery", "sofia", "camila", "aria", "scarlett", "victoria", "madison",
        "luna", "grace", "chloe", "penelope", "layla", "riley", "zoey", "nora", "lily", "eleanor", "hannah", "lillian",
        "addison", "aubrey", "ellie", "stella", "natalie", "zoe", "leah", "hazel", "violet", "aurora", "savannah",
        "audrey", "brooklyn", "bella", "claire", "skylar", "lucy", "paisley", "everly", "anna", "caroline", "nova",
        "genesis", "emilia", "kennedy", "samantha", "maya", "willow", "kinsley", "naomi", "aaliyah", "elena", "sarah",
        "ariana", "allison", "gabriella", "alice", "madelyn", "cora", "ruby", "eva", "serenity", "autumn", "adeline",
        "hailey", "gianna", "valentina", "isla", "eliana", "quinn", "nevaeh", "ivy", "sadie", "piper", "lydia",
        "alexa", "josephine", "emery", "julia", "delilah", "arianna", "vivian", "kaylee", "sophie", "brielle",
        "madeline", "peyton", "rylee", "clara", "hadley", "melanie", "mackenzie", "reagan", "adalynn", "liliana",
        "aubree", "jade", "katherine", "isabelle", "natalia", "raelynn", "maria", "athena", "ximena", "arya", "leilani",
    ];

    /// <summary>Drawn digits, [N, 64], shifted and with noise.</summary>
    public static (double[][] X, int[] Y) Digits(ulong seed)
    {
        var rng = new TorchRandom(seed);
        var (x, y) = (new double[Rows + Held][], new int[Rows + Held]);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (int)(rng.NextDouble() * 10);
            x[i] = new double[Pixels * Pixels];
            int down = (int)(rng.NextDouble() * 4), right = (int)(rng.NextDouble() * 6);
            for (int k = 0; k < x[i].Length; k++) x[i][k] = 0.15 * rng.NextDouble();
            string[] rows = s_digits[y[i]].Split('|');
            for (int r = 0; r < 5; r++)
                for (int c = 0; c < 3; c++)
                    if (rows[r][c] == '#') x[i][(r + down) * Pixels + c + right] += 0.7 + 0.15 * rng.NextDouble();
        }
        return (x, y);
    }

    /// <summary>A table of 8 columns and 3 classes, some of them mistaken.</summary>
    public static (double[][] X, int[] Y) Classes(ulong seed)
    {
        var rng = new TorchRandom(seed);
        double[][] x = Normal(rng);
        return (x, [.. x.Select(row =>
        {
            double score = row[0] + row[1] * row[2] + 0.5 * row[3];
            int right = score < -0.7 ? 0 : score < 0.7 ? 1 : 2;
            return rng.NextDouble() < 0.05 ? (int)(3 * rng.NextDouble()) : right;
        })]);
    }

    /// <summary>A table of 8 columns and a number with mean 0 and standard deviation 1, with noise.</summary>
    public static (double[][] X, double[] Y) Numbers(ulong seed)
    {
        var rng = new TorchRandom(seed);
        double[][] x = Normal(rng);
        double[] y = [.. x.Select(row => Math.Sin(2 * row[0]) + row[1] * row[2] + 0.5 * row[3])], noise =
            new double[y.Length];
        rng.Normal(noise, 0, 0.2);
        double mean = y.Average(), std = Math.Sqrt(y.Average(v => (v - mean) * (v - mean)));
        return (x, [.. y.Select((v, i) => (v - mean) / std + noise[i])]);
    }

    /// <summary>Contexts of three letters, and the letter that follows.</summary>
    public static (int[][] X, int[] Y) Names(ulong seed)
    {
        int[] order = new int[s_names.Length];
        new TorchRandom(seed).Permutation(order);
        List<int[]> x = [];
        List<int> y = [];
        foreach (int i in order)
        {
            int[] context = new int[Context];
            foreach (char c in s_names[i] + "`")
            {
                int letter = c == '`' ? 0 : c - 'a' + 1;
                x.Add([.. context]);
                y.Add(letter);
                context = [.. context[1..], letter];
            }
        }
        return ([.. x], [.. y]);
    }

    public static Tensor Matrix(double[][] rows) =>
        Tensor.From([.. rows.SelectMany(row => row.Select(x => (float)x))], [rows.Length, rows[0].Length]);

    static double[][] Normal(TorchRandom rng)
    {
        double[] all = new double[(Rows + Held) * 8];
        rng.Normal(all);
        return [.. all.Chunk(8)];
    }
}
