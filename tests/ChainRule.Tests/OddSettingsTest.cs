using System.Globalization;
using System.Text.RegularExpressions;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests;

/// <summary>
/// Every number and every enum of the public surface, as NaN, ∞, −∞, −1, the least and the greatest whole
/// number, and an enum value that is none: the answer is a sentence, or the call is among those for which
/// the number means something.
/// </summary>
public sealed partial class OddSettingsTest : IDisposable
{
    // Member and parameter, and what it may be.
    static readonly (string Call, string Number)[] s_meaningful =
    [
        // Counted from the back, or as far as there is.
        (@" axis(A|B)?$| axes\[0\]$|\.Reshape sizes\[0\]$", "-1"),
        (@"^Tensor\.(Slice|Select) (index|start|end)$|\.LowerTriangle diagonal$", "-1|least"),
        ("^(Log)?Softmax|^(BatchNorm|Glu|PRelu).* axis$", "-1|least"),
        // Numbers that are computed with, or compared, as any others are.
        (@"^Tensor\.(Full|Scalar|FillInPlace|MaskedFill) value$"
            + @"|^TensorBoard\.Scalar value$|^Tensor\.op_\w+ c$"
            + @"|^Tensor\.(Greater|Less)(OrEqual)? other$|^Tensor\.(Not)?EqualTo "
            + @"other$|^Tensor\.Pow exponent$", ".*"),
        (@"^Value\.|^Piecewise\.|^Information\.(Perplexity|Bits)|^ReduceOnPlateau\.Step", ".*"),
        (@"\[0\]$", "NaN"), (@"^(\w+Random|RandomSource)\b.*(x|samples)\[0\]$", "-1"),
        (@"^Ids\.From values\[0\]$|^TokenFile\.Read to\[0\]$", "-1"),
        (@"^Tensor\.Clamp |Hardtanh|^Init\.TruncatedNormal (low|high)$", "-?Infinity|-1"),
        (@"^Tensor\.(Norm|Distance) order$|^Tensor\.HuberLoss delta$|^Clip\.\w+ (maxNorm|limit)$", "Infinity"),
        // A class or a group may have any number here.
        (@"^Split\.(Groups|Stratified) (groups|labels)\[0\]$", "-1"),
        // All rows, or none, are predicted positive.
        (@"^Classification(Report)?\.\w+ threshold$", "-?Infinity"),
        // Of either sign.
        (@" (start|end|step|low|mean|scale|weight|bias|threshold|negativeSlope|alpha|gain|value|a|b|seed|data"
            + "|initial)$",
            "-1"),
        (@"^(Ids\.Random|\w+Random\.RandInt) (low|a)$", "-1|least"),
        // A learning rate is refused by the optimiser that is made with it.
        (@"^Schedule\.op_Implicit ", ".*"),
        // What was found, and what is refused where it is used: see Settings_are_looked_at_where_they_are_used.
        (@"^\w+Result\.|^(NamedMistake|PerceptronFit|HistoryPoint|TrainingProgress|PerAxis)\.|^EarlyStopping\."
            + @"|^(BackpropStep|Diagnosis|TriedCure|LayerSizes|Recording|RoundingError)\."
            + @"|^(Attention|SelfAttention|MultiHeadAttention|TransformerEncoder|Conv|ConvTranspose|Recurrent)Options\."
            + @"|^(Csv|Adam|Sgd|RmsProp|ReduceOnPlateau|BatchNorm|SelfOrganizingMap|Explain|Diagnose)Options\."
            + @"|^Worker(Status|Exception)\.|^(Transport|SharedMemory)\.Pause times$"
            + @"|^PredictorOptions\.|^Trainer.*\.set_", ".*"),
    ];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_number_that_cannot_be_is_answered_by_a_sentence()
    {
        var samples = new Samples(_folder);
        List<string> wrong = [];
        int tried = 0;
        foreach (var member in PublicMember.All().Where(member => member.Method.Name != "Deconstruct"))
        {
            for (int i = 0; i < member.Parameters.Length; i++)
            {
                foreach (object odd in Odd(PublicMember.Passed(member.Parameters[i])))
                {
                    tried++;
                    object?[] arguments =
                        [.. member.Parameters.Select((p, k) => k == i ? odd : samples.Of(PublicMember.Passed(p), p))];
                    string call = $"{member.Type.Name}.{member.Method.Name.TrimStart('.')} "
                        + $"{member.Parameters[i].Name}{(odd is Array ? "[0]" : "")}", number = Shown(odd);
                    try
                    {
                        member.Call(member.IsOnObject ? samples.Of(member.Type, null) : null, arguments);
                        // Of many, the greatest number takes all.
                        if (number != "greatest"
                            && !s_meaningful.Any(
                                one => Regex.IsMatch(call, one.Call) && Regex.IsMatch(number, $"^({one.Number})$")))
                            wrong.Add($"{call} = {number} is taken");
                    }
                    catch (Exception e)
                    {
                        if (member.Misnames(e) is { } why) wrong.Add($"{call} = {number}: {why}");
                        // A number that may be is followed by a look for the file.
                        if (number == "greatest" && e is FileNotFoundException && Sentence().IsMatch(e.Message))
                            continue;
                        if (!(e is ArgumentException or InvalidOperationException or InvalidDataException
                            && Sentence().IsMatch(e.Message)))
                            wrong.Add($"{call} = {number}: {e.GetType().Name} {e.Message} "
                                + $"{e.StackTrace!.Split('\n')[0].Trim()}");
                    }
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(tried, 800, 10_000);
    }

    public static TheoryData<string, Action> Used
    {
        get
        {
            var (rng, x) = (new TorchRandom(1), Tensor.Ones([2, 2]));
            Trainer<Tensor, Tensor> Trainer(double? clip = null, int every = 1)
            {
                var model = new Linear(2, 2, rng);
                return new(model, new Sgd(model.Parameters()), Batches.Shuffled(Dataset.From(x, x), 1, 1),
                    (a, b) => model.Forward(a).MseLoss(b))
                {
                    ClipNorm = clip, EvaluateEvery = every,
                };
            }
            return new()
            {
                { "train: gradients clipped to a norm of NaN: give a number, 0 or more",
                    () => Trainer(double.NaN).Fit(1) },
                { "train: gradients clipped to a norm of -1: give a number, 0 or more", () => Trainer(-1).Fit(1) },
                { "train: an evaluation every -1 steps: give 1 or more", () => Trainer(every: -1).Fit(1) },
                { "early stopping: a change of NaN: give 0 or more",
                    () => new EarlyStopping(1, double.NaN).ShouldStop(new()) },
                { "early stopping: a change of Infinity: give 0 or more",
                    () => new EarlyStopping(1, double.PositiveInfinity).ShouldStop(new()) },
                { "early stopping: patience -1: wait for 1 evaluation or more",
                    () => new EarlyStopping(-1).ShouldStop(new()) },
                { "SelfAttention(4, 2): scale NaN: give a finite number",
                    () => _ = new SelfAttention(4, 2, rng, new() { Scale = double.NaN }) },
                { "AdamW: beta1 -1: give a number in [0, 1)",
                    () => _ = new AdamW([Tensor.Ones([1]).RequireGrad()], options: new() { Beta1 = -1 }) },
                { "AdamW: weight decay NaN: give a finite number, 0 or more",
                    () => _ = new AdamW([Tensor.Ones([1]).RequireGrad()],
                        options: new() { WeightDecay = double.NaN }) },
                { "csv 'none.csv': SkipLines = -1: give 0 or more",
                    () => Csv.Read("none.csv", new() { SkipLines = -1 }) },
                { "csv 'none.csv': MaxBytes = -1: give 1 or more",
                    () => Csv.Read("none.csv", new() { MaxBytes = -1 }) },
                { "csv 'none.csv': Missing = 55: give Missing.Error, Mean or Drop",
                    () => Csv.Sniff("none.csv", new() { Missing = (Missing)55 }) },
                { "Sequential: layer 4: layers run from 0 to 1",
                    () => _ = new Sequential(new Flatten(), new Flatten())[4] },
                { "place 3 of ids [2]: places run from 0 to 1", () => _ = Ids.From(1, 2)[3] },
                { "normal: std is -1: give a finite number, 0 or more", () => Init.Normal(x, 0, -1, rng) },
                { "normal: mean is NaN: give a finite number", () => Tensor.Normal([2], double.NaN, 1, rng) },
                { "init: constant NaN: give a finite number", () => Init.Constant(x, double.NaN) },
                { "Elu: alpha NaN: give a finite number", () => _ = new ChainRule.Layers.Elu(double.NaN) },
                { "ELU: alpha Infinity: give a finite number", () => x.Elu(double.PositiveInfinity) },
                { "lerp: weight NaN: give a finite number",
                    () => Tensor.Ones([2]).LerpInPlace(Tensor.Ones([2]), double.NaN) },
                { "einsum: equation is null: give one", () => Tensor.Einsum(null!, x) },
                { "Sgd: group: parameters is null: give one",
                    () => new Sgd([Tensor.Ones([1]).RequireGrad()]).Group(null!) },
                { "checkpoint: folder is null: give the path of one", () => _ = new Checkpoint(null!) },
                { "lambda schedule: factor is null: give one", () => Schedule.Lambda(1, null!) },
                { "attention of [1, 2, 3]: the padding is 0.5 at place 1: give 1 for a step that is padding, and 0 for "
                    + "others",
                    () => Tensor.Ones([1, 2, 3]).Attention(1,
                        options: new() { Padding = Tensor.From([0f, 0.5f], [1, 2]) }) },
            };
        }
    }

    [Theory, MemberData(nameof(Used))]
    public void Settings_are_looked_at_where_they_are_used(string sentence, Action use) =>
        Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(use).Message);

    static object[] Odd(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return [Enum.ToObject(type, 55)];
        if (type == typeof(double)) return [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0];
        if (type == typeof(int)) return [-1, int.MinValue, int.MaxValue];
        if (type == typeof(long)) return [-1L];
        if (type == typeof(double[])) return [new[] { double.NaN }];
        return type == typeof(int[]) ? [new[] { -1 }, new[] { int.MaxValue }] : [];
    }

    static string Shown(object odd) => odd switch
    {
        Array some => Shown(some.GetValue(0)!),
        int.MinValue => "least",
        int.MaxValue => "greatest",
        Enum => "no value",
        _ => Convert.ToString(odd, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"^(?!.*\(Parameter )[^:]+: .{8,}$")]
    private static partial Regex Sentence();
}
