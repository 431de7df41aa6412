using System.Reflection;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Derivations;
using ChainRule.Diagnostics;
using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Scalar;
using ChainRule.Training;
using Module = ChainRule.Layers.Module;
using TrainerOfTensors = ChainRule.Training.Trainer<ChainRule.Tensor, ChainRule.Tensor>;

namespace ChainRule.Tests;

/// <summary>Sound arguments for public members, by their types.</summary>
sealed class Samples(TemporaryFolder folder)
{
    /// <summary>Something of a type that a sound call could be given; null where there is nothing.</summary>
    public object? Of(Type type, ParameterInfo? parameter)
    {
        var rng = new TorchRandom(1);
        var x = Tensor.Ones([2, 2]);
        var w = Tensor.Ones([1]).RequireGrad();
        var layer = new Linear(2, 2, rng);
        var data = Dataset.From(x, x);
        KeyValuePair<string, Tensor>[] named = [new("w", w)];
        if (parameter is { HasDefaultValue: true, DefaultValue: not null } && type.IsPrimitive)
            return parameter.DefaultValue;
        if (type == typeof(ChainRule.Events.TensorBoard)) return new ChainRule.Events.TensorBoard(folder.Path);
        if (type == typeof(TrainerOfTensors))
            return new TrainerOfTensors(layer, new Sgd(layer.Parameters()), Batches.Shuffled(data, 1, 1),
                (a, b) => a.MseLoss(b));
        object?[] samples =
        [
            x, rng, layer, data, named, w, Ids.From(1, 0), new Shape(), "a", 1, 2L, 1u, 1UL, 0.5, 0.5f, true, 'c',
            new int[] { 0 }, new float[] { 1 }, new float[,] { { 1 } },
            new Tensor[] { w }, new Module[] { layer }, new Sgd([w]), Batches.Shuffled(data, 1, 1),
            (Func<Tensor, Tensor, Tensor>)((a, b) => a.MseLoss(b)),
            (Func<Tensor, Tensor>)(a => layer.Forward(a)), (Func<Tensor>)(() => (w * w).Sum()),
            (Func<Tensor, bool>)(_ => true), (Action)(() => { }), (Action<Stream>)(_ => { }),
            (Action<Module, string, Tensor>)((_, _, _) => { }), new Checkpoint(folder.Path), new EarlyStopping(1),
            new History(),
            new Trainer<Tensor, Tensor>(layer, new Sgd(layer.Parameters()), Batches.Shuffled(data, 1, 1), (a, b) => a),
            new PythonRandom(1), new NumpyRandom(1), new MersenneTwister(1), new Vocabulary(".ab"), new Value(1),
            WeightNames.Same,
            new Neuron(1, new PythonRandom(1)), new Mlp(1, [1], new PythonRandom(1)),
            new ChainRule.Scalar.Layer(1, 1, new PythonRandom(1)),
            new string[] { "a", "b" }, new Dictionary<string, string>(), new byte[] { 1 },
            new KeyValueCache(), layer.ToPredictor(), new PredictorOptions(), new RoundingError("a", 0, 0),
            ChainRule.Tokenizers.BpeTokenizer.Train(["ab ab"], 300),
            new CsvOptions(), new ChainRule.Layers.EmbeddingBag(2, 2, rng),
            new ChainRule.Layers.Gru(2, 2, rng),
            new SelfAttentionOptions(), new ReduceOnPlateau(new Sgd(layer.Parameters())), Schedule.Constant(1),
            new List<double> { 1 }, new List<int> { 1 },
            new (int, double)[] { (1, 0.1) },
            new (int, Schedule)[] { (1, Schedule.Constant(1)) },
            (Func<int, double>)(_ => 1), new MemoryStream("a"u8.ToArray()), new double[] { 1 }, new uint[] { 1 },
            new long[] { 1 }, new char[] { 'a' }, new Value[] { new(1) },
            new LearningRateSweepResult([1, 2], [1, 2]), new OverfitResult([1], 0, 0), Saturation.Of([new("a", x)]),
            new InitialLossResult(2, 1, 1, 1), Derivation.Check((w * w).Sum()).Name("w", w),
            new Exercise("a", "x = randn()\nloss = x\ndx = ...", "dx = 1"), new ExerciseResult(true, null, "a"),
            Derivation.Check((w * w).Sum()).Name("w", w).Step("dw", w).Report(), new NamedMistake(Mistake.Sign, "a"),
            ChainRule.Explaining.Backprop.Steps((w * w).Sum()),
            new FormulaException("a", 0, "b"),
            new StepResult("dw", [1], Verdict.Wrong, 1, [0], 1, 2, null),
            Inputs.Of(x, x), Inputs.Of(x, x, x), new CustomFrame([[1.0]], [[1]], [true], [1.0], [1], [[1.0]], [1.0],
                [[1.0]]), (Action<CustomFrame>)(_ => { }),
            default(CancellationToken), new HistoryPoint(), TimeSpan.Zero, Scaler.MinMax(x), new int[][] { [1] },
            new HashSet<string>(),
            ConfusionMatrix.Of([0, 1], [0, 1]), LinearRegression.Fit(x, x.Select(1, 0), 1),
            LogisticRegression.Fit(x, Ids.From(1, 0)), MeanBaseline.Fit(w), MajorityBaseline.Fit(Ids.From(1, 0)),
            SupportVectorRegression.Fit(x, x.Select(1, 0)), KMeans.Fit(x, 1, 1),
            SelfOrganizingMap.Fit(x, new() { Rows = 2, Columns = 2, Passes = 1 }),
            TableEncoder.Fit(ChainRule.Data.Table.From(["a"], [["x"], ["y"]])),
            ColumnProfile.Of(ChainRule.Data.Table.From(["a"], [["x"], ["y"]]), "a"), new CsvException(["unreadable"]),
            TableProfile.Of(ChainRule.Data.Table.From(["a"], [["x"], ["y"]])),
            (Func<Tensor, double>)(one => one.Sum().Item()), (Func<Tensor, Tensor>)(one => one.Sum(1)),
        ];
        if (type.IsByRef) type = type.GetElementType()!;
        if (typeof(Transport).IsAssignableFrom(type))
        {
            string path = folder.PathOf(Path.GetRandomFileName());
            SharedMemory.Create(path, 1);
            return SharedMemory.Join(path, 0);
        }
        if (type == typeof(CsvFile)) return CsvFile.Open(folder.Write("rows.csv", "a,b\n1,2\n3,4\n"));
        if (type == typeof(TokenFile))
        {
            TokenFile.Write(folder.PathOf("tokens.bin"), [[0, 1, 0, 1, 0, 1, 0, 1]]);
            return TokenFile.Open(folder.PathOf("tokens.bin"));
        }
        if (type == typeof(SafetensorsFile))
        {
            Safetensors.Write(folder.PathOf("s.safetensors"), named);
            return Safetensors.Read(folder.PathOf("s.safetensors"));
        }
        if (type == typeof(ChainRule.Data.Table))
        {
            File.WriteAllText(folder.PathOf("t.csv"), "a,b\n1,2\n");
            return Csv.Read(folder.PathOf("t.csv"));
        }
        if (type == typeof(PyTorchFile))
            return PyTorchFile.Read(Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch", "strided.pt"));
        if (type == typeof(Idx))
        {
            File.WriteAllBytes(folder.PathOf("i.idx"), [0, 0, 8, 1, 0, 0, 0, 1, 5]);
            return Idx.Read(folder.PathOf("i.idx"));
        }
        return samples.FirstOrDefault(type.IsInstanceOfType)
            ?? (type.IsValueType ? Activator.CreateInstance(type)
                : type.GetConstructors().Length > 0 && !type.IsAbstract ? Made(type) : null);
    }

    object? Made(Type type)
    {
        var constructor = type.GetConstructors().MinBy(one => one.GetParameters().Length)!;
        try
        {
            return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p))]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}
