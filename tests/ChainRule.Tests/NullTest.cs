using System.Reflection;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Scalar;
using ChainRule.Training;
using Module = ChainRule.Layers.Module;

namespace ChainRule.Tests;

/// <summary>
/// Whatever argument of the public surface is null where none may be, the answer is a sentence or nothing at all, but never a NullReferenceException from the
/// depths. Every constructor and method is called, each time with one argument null and the others sound.
/// </summary>
public sealed class NullTest : IDisposable
{
    static readonly NullabilityInfoContext s_nullability = new();

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_null_ends_in_a_NullReferenceException()
    {
        List<string> bare = [];
        int tried = 0;
        var types = typeof(Tensor).Assembly.GetExportedTypes().Where(type => !type.IsEnum && !type.IsByRefLike && !typeof(Delegate).IsAssignableFrom(type));
        foreach (var closed in types.Select(type => type.IsGenericTypeDefinition ? Closed(type) : type).Append(typeof(Dataset<Ids, Ids>)))
        {
            var members = closed.GetConstructors().Cast<MethodBase>()
                .Concat(closed.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                .Where(member => !(member.IsConstructor && closed.IsAbstract) && member.Name is not ("Equals" or "op_Equality" or "op_Inequality"));
            foreach (var member in members)
            {
                var method = member is MethodInfo { IsGenericMethodDefinition: true } open ? Closed(open) : member;
                var parameters = method.GetParameters();
                if (parameters.Any(p => p.ParameterType.IsByRefLike || p.ParameterType is { IsByRef: true } && p.ParameterType.GetElementType()!.IsByRefLike)) continue;
                for (int i = 0; i < parameters.Length; i++)
                {
                    if (parameters[i].ParameterType.IsValueType || parameters[i].IsOut || MayBeNull(parameters[i])) continue;
                    tried++;
                    object?[] arguments = [.. parameters.Select((p, k) => k == i ? null : Sample(p.ParameterType, p))];
                    string what = $"{closed.Name}.{method.Name}({string.Join(", ", parameters.Select(p => p.Name))}) with {parameters[i].Name} null";
                    try
                    {
                        object? target = method.IsStatic || method.IsConstructor ? null : Sample(closed, null);
                        Assert.True(method.IsStatic || method.IsConstructor || target is not null, $"no sample of {closed.Name}: add one");
                        object? result = method is ConstructorInfo make ? make.Invoke(arguments) : method.Invoke(target, arguments);
                        // What is lazy answers when it is asked.
                        if (result is System.Collections.IEnumerable all and not string) _ = all.Cast<object?>().Take(2).Count();
                    }
                    catch (TargetInvocationException e) when (e.InnerException is NullReferenceException)
                    {
                        bare.Add($"{what}: {e.InnerException.StackTrace!.Split('\n')[0].Trim()}");
                    }
                    catch (NullReferenceException e)
                    {
                        bare.Add($"{what}: {e.StackTrace!.Split('\n')[0].Trim()}");
                    }
                    catch (TargetInvocationException e)
                    {
                        Assert.True(e.InnerException!.Message.Length > 20, $"{what}: {e.InnerException}");
                    }
                }
            }
        }
        Assert.True(bare.Count == 0, string.Join('\n', bare));
        Assert.InRange(tried, 150, 1000);
    }

    static bool MayBeNull(ParameterInfo parameter) => s_nullability.Create(parameter).WriteState == NullabilityState.Nullable;

    static Type Closed(Type type) => type.MakeGenericType([.. type.GetGenericArguments().Select(argument =>
        argument.GetGenericParameterConstraints().Any(one => one.Name.StartsWith("IReportLine", StringComparison.Ordinal)) ? typeof(SaturationResult) : typeof(Tensor))]);

    static MethodInfo Closed(MethodInfo method) => method.MakeGenericMethod([.. method.GetGenericArguments().Select(argument =>
        argument.GetGenericParameterConstraints().Any(one => one.Name.StartsWith("IRows", StringComparison.Ordinal)) ? typeof(Tensor) : typeof(float))]);

    object? Sample(Type type, ParameterInfo? parameter)
    {
        var rng = new TorchRandom(1);
        var x = Tensor.Ones([2, 2]);
        var w = Tensor.Ones([1]).RequireGrad();
        var layer = new Linear(2, 2, rng);
        var data = Dataset.From(x, x);
        KeyValuePair<string, Tensor>[] named = [new("w", w)];
        if (parameter is { HasDefaultValue: true, DefaultValue: not null } && type.IsPrimitive) return parameter.DefaultValue;
        object?[] samples =
        [
            x, rng, layer, data, named, w, Ids.From(1, 0), new Shape(), "text", 1, 2L, 1u, 1UL, 0.5, 0.5f, true, 'c', new int[] { 0 }, new float[] { 1 }, new float[,] { { 1 } },
            new Tensor[] { w }, new Module[] { layer }, new Sgd([w]), Batches.Shuffled(data, 1, 1), (Func<Tensor, Tensor, Tensor>)((a, b) => a.MseLoss(b)),
            (Func<Tensor>)(() => (w * w).Sum()), (Func<Tensor, bool>)(_ => true), (Action)(() => { }), (Action<Stream>)(_ => { }),
            (Action<Module, string, Tensor>)((_, _, _) => { }), new Checkpoint(_folder.Path), new EarlyStopping(1), new History(),
            new Trainer<Tensor, Tensor>(layer, new Sgd(layer.Parameters()), Batches.Shuffled(data, 1, 1), (a, b) => a),
            new PythonRandom(1), new NumpyRandom(1), new MersenneTwister(1), new Vocabulary(".ab"), new Value(1),
            new Neuron(1, new PythonRandom(1)), new Mlp(1, [1], new PythonRandom(1)), new ChainRule.Scalar.Layer(1, 1, new PythonRandom(1)),
            new string[] { "a", "b" }, new Dictionary<string, string>(), new byte[] { 1 }, new KeyValueCache(), new CsvOptions(), new ChainRule.Layers.EmbeddingBag(2, 2, rng),
            new SelfAttentionOptions(), new ReduceOnPlateau(0.1), Schedule.Constant(1), new List<double> { 1 }, new List<int> { 1 }, new (int, double)[] { (1, 0.1) },
            new LearningRateSweepResult([1, 2], [1, 2]), new OverfitResult([1], 0, 0), Saturation.Of([new("a", x)]), new InitialLossResult(2, 1, 1, 1),
            default(CancellationToken), new HistoryPoint(), TimeSpan.Zero, Scaler.MinMax(x), new int[][] { [1] }, new HashSet<string>(),
        ];
        if (type.IsByRef) type = type.GetElementType()!;
        if (type == typeof(SafetensorsFile))
        {
            Safetensors.Write(_folder.PathOf("s.safetensors"), named);
            return Safetensors.Read(_folder.PathOf("s.safetensors"));
        }
        if (type == typeof(ChainRule.Data.Table))
        {
            File.WriteAllText(_folder.PathOf("t.csv"), "a,b\n1,2\n");
            return Csv.Read(_folder.PathOf("t.csv"));
        }
        if (type == typeof(Idx))
        {
            File.WriteAllBytes(_folder.PathOf("i.idx"), [0, 0, 8, 1, 0, 0, 0, 1, 5]);
            return Idx.Read(_folder.PathOf("i.idx"));
        }
        return samples.FirstOrDefault(type.IsInstanceOfType)
            ?? (type.IsValueType ? Activator.CreateInstance(type) : type.GetConstructors().Length > 0 && !type.IsAbstract ? Made(type) : null);
    }

    object? Made(Type type)
    {
        var constructor = type.GetConstructors().MinBy(one => one.GetParameters().Length)!;
        try
        {
            return constructor.Invoke([.. constructor.GetParameters().Select(p => Sample(p.ParameterType, p))]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}
