namespace ChainRule.Zoo.Datasets;

/// <summary>
/// The published data sets that ChainRule knows: where they are, and the hashes that tell a right copy.
/// </summary>
public static class Catalog
{
    const string Karpathy = "https://raw.githubusercontent.com/karpathy/";
    const string Mnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
    const string Optdigits = "https://archive.ics.uci.edu/ml/machine-learning-databases/optdigits/";
    const string ScikitLearn =
        "https://raw.githubusercontent.com/scikit-learn/scikit-learn/1.2.1/sklearn/datasets/data/";

    /// <summary>All of them, in the order a learner meets them.</summary>
    public static IReadOnlyList<PublishedSet> All { get; } =
    [
        new("names", "32,033 first names, one a line",
            [
                new("names.txt", new(Karpathy + "makemore/master/names.txt"), 228_145,
                    "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"),
            ],
            "karpathy/makemore, from ssa.gov 2018", "MIT"),
        new("tinyshakespeare", "40,000 lines of Shakespeare, 65 distinct characters",
            [
                new("tinyshakespeare.txt", new(Karpathy + "char-rnn/master/data/tinyshakespeare/input.txt"), 1_115_394,
                    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"),
            ],
            "karpathy/char-rnn", "MIT; the text is in the public domain"),
        new("mnist", "70,000 handwritten digits, 28×28 grey: 60,000 to train, 10,000 to test",
            [
                new("train-images-idx3-ubyte.gz", new(Mnist + "train-images-idx3-ubyte.gz"), 47_040_016,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", HashOf.Content),
                new("train-labels-idx1-ubyte.gz", new(Mnist + "train-labels-idx1-ubyte.gz"), 28_881,
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                new("t10k-images-idx3-ubyte.gz", new(Mnist + "t10k-images-idx3-ubyte.gz"), 1_648_877,
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                new("t10k-labels-idx1-ubyte.gz", new(Mnist + "t10k-labels-idx1-ubyte.gz"), 4_542,
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ],
            "LeCun, Cortes, Burges"),
        new("optdigits", "5,620 handwritten digits, 8×8 with values 0..16: 3,823 to train, 1,797 to test",
            [
                new("optdigits.tra.csv", new(Optdigits + "optdigits.tra"), 563_639,
                    "e1b683cc211604fe8fd8c4417e6a69f31380e0c61d4af22e93cc21e9257ffedd"),
                new("optdigits.tes.csv", new(Optdigits + "optdigits.tes"), 264_712,
                    "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"),
            ],
            "Alpaydin, Kaynak 1998 (UCI)"),
        new("housing",
            "20,640 districts of California in 1990, with missing values and a text column; target median_house_value",
            [
                new("housing.csv",
                    new("https://raw.githubusercontent.com/ageron/handson-ml2/master/datasets/housing/housing.csv"),
                    1_423_529, "8a3727f4cf54ac1a327f69b1d5b4db54c5834ea81c6e4efc0d163300022a685e"),
            ],
            "Pace and Barry 1997, StatLib; this copy from ageron/handson-ml2"),
        new("breast-cancer", "569 tumours, 30 measurements each: malignant (0) or benign (1)",
            [
                new("breast_cancer.csv", new(ScikitLearn + "breast_cancer.csv"), 119_913,
                    "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"),
            ],
            "UCI; this copy from scikit-learn", "BSD"),
        new("iris", "150 flowers, 4 measurements each, 3 species",
            [
                new("iris.csv", new(ScikitLearn + "iris.csv"), 2_734,
                    "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"),
            ],
            "UCI; this copy from scikit-learn", "BSD"),
    ];

    /// <summary>The names of all sets, for a sentence: `names, tinyshakespeare, …`.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(set => set.Name));

    /// <summary>The set called <paramref name="name"/>, or null.</summary>
    public static PublishedSet? Find(string name) => All.FirstOrDefault(set => set.Name == name);

    /// <summary>The file that data folders know as <paramref name="fileName"/>, or null.</summary>
    public static PublishedFile? FindFile(string fileName) =>
        All.SelectMany(set => set.Files).FirstOrDefault(file => file.Name == fileName);

    /// <summary>The set called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none: names those there are.</exception>
    public static PublishedSet Get(string name) =>
        Find(name) ?? throw new ArgumentException($"data {name}: no data set has this name: there are {Names}");
}
