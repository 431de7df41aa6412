using System.Reflection;
using System.Reflection.Emit;
using ChainRule.Data;
using ChainRule.Diagnostics;

namespace ChainRule.Tests;

/// <summary>
/// A public constructor, method, property or indexer of the library, called with arguments in an array: spans stand
/// there as arrays, since reflection alone cannot pass them.
/// </summary>
sealed class PublicMember
{
    readonly Func<object?[], object?> _call;

    PublicMember(Type type, MethodBase method)
    {
        (Type, Method, Parameters) = (type, method, method.GetParameters());
        IsOnObject = !method.IsStatic && !method.IsConstructor;
        _call = Compiled();
    }

    public Type Type { get; }

    public MethodBase Method { get; }

    public ParameterInfo[] Parameters { get; }

    /// <summary>Whether an object comes before the arguments.</summary>
    public bool IsOnObject { get; }

    /// <summary>All of them, generic ones for Tensor and float.</summary>
    public static IEnumerable<PublicMember> All() =>
        from open in typeof(Tensor).Assembly.GetExportedTypes().Append(typeof(Dataset<Ids, Ids>))
        where !open.IsEnum && !typeof(Delegate).IsAssignableFrom(open) && !open.IsInterface
            && (!open.IsByRefLike || open.GetConstructors().Length > 0)
        let type = open.IsGenericTypeDefinition ? Closed(open) : open
        from member in type.GetConstructors().Cast<MethodBase>()
            .Concat(type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance
                | BindingFlags.DeclaredOnly))
        where !(member.IsConstructor && type.IsAbstract)
            // What takes pointers is called by tests of its own, since reflection has no such arguments.
            && !Array.Exists(member.GetParameters(), parameter => parameter.ParameterType.IsPointer)
            && member.Name is not ("Equals" or "op_Equality" or "op_Inequality") && !type.IsByRefLike
        select new PublicMember(type,
            member is MethodInfo { IsGenericMethodDefinition: true } method ? Closed(method) : member);

    /// <summary>
    /// The type that an argument is passed as: an array for a span, the type itself for one by reference.
    /// </summary>
    public static Type Passed(ParameterInfo parameter)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()!
            : parameter.ParameterType;
        return IsSpan(type) ? type.GetGenericArguments()[0].MakeArrayType() : type;
    }

    /// <summary>Calls it; what is lazy is asked for its first elements.</summary>
    public object? Call(object? target, object?[] arguments)
    {
        object? result = _call(IsOnObject ? [target, .. arguments] : arguments);
        if (result is System.Collections.IEnumerable all and not string) _ = all.Cast<object?>().Take(2).Count();
        return result;
    }

    /// <summary>
    /// What is wrong with the name that an exception gives to the argument it refuses; null where nothing is.
    /// </summary>
    public string? Misnames(Exception e)
    {
        if (e is not ArgumentException refused) return null;
        // Of a pool on a matrix it is the matrix that is wrong, and it is no parameter.
        if (refused.ParamName is null && refused.Message.Contains(": an input has", StringComparison.Ordinal))
            return null;
        if (refused.ParamName is null) return $"refused without a ParamName: {e.Message}";
        // A shape too large is refused by Shape, whatever it is made of.
        if (refused.Message.StartsWith("shape [", StringComparison.Ordinal))
            return refused.ParamName == "sizes" ? null : $"'{refused.ParamName}' of a shape";
        return Array.Exists(Parameters, p => p.Name == refused.ParamName) ? null
            : $"'{refused.ParamName}' is no parameter: {e.Message}";
    }

    public override string ToString() =>
        $"{Type.Name}.{Method.Name}({string.Join(", ", Parameters.Select(p => p.Name))})";

    static bool IsSpan(Type type) =>
        type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>)
                || type.GetGenericTypeDefinition() == typeof(Span<>));

    Func<object?[], object?> Compiled()
    {
        var made = new DynamicMethod("call", typeof(object), [typeof(object?[])], typeof(PublicMember).Module,
            skipVisibility: true);
        var code = made.GetILGenerator();
        int next = 0;
        if (IsOnObject)
        {
            Load(next++);
            if (Type.IsValueType) code.Emit(OpCodes.Unbox, Type);
            else code.Emit(OpCodes.Castclass, Type);
        }
        foreach (var parameter in Parameters)
        {
            var type = parameter.ParameterType;
            if (type.IsByRef)
            {
                var local = code.DeclareLocal(type.GetElementType()!);
                code.Emit(OpCodes.Ldloca, local);
                next++;
                continue;
            }
            Load(next++);
            if (!IsSpan(type))
            {
                code.Emit(OpCodes.Unbox_Any, type);
                continue;
            }
            code.Emit(OpCodes.Castclass, Passed(parameter));
            code.Emit(OpCodes.Newobj, type.GetConstructor([Passed(parameter)])!);
        }
        if (Method is ConstructorInfo constructor)
        {
            code.Emit(OpCodes.Newobj, constructor);
            if (Type.IsValueType) code.Emit(OpCodes.Box, Type);
        }
        else
        {
            var returned = ((MethodInfo)Method).ReturnType;
            code.Emit(Type.IsValueType ? OpCodes.Call : Method.IsStatic ? OpCodes.Call : OpCodes.Callvirt,
                (MethodInfo)Method);
            if (returned == typeof(void)) code.Emit(OpCodes.Ldnull);
            else if (returned.IsByRefLike || returned.IsByRef) Dropped();
            else if (returned.IsValueType) code.Emit(OpCodes.Box, returned);
        }
        code.Emit(OpCodes.Ret);
        return made.CreateDelegate<Func<object?[], object?>>();

        void Load(int i)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldelem_Ref);
        }

        void Dropped()
        {
            code.Emit(OpCodes.Pop);
            code.Emit(OpCodes.Ldnull);
        }
    }

    static Type Closed(Type type) => type.MakeGenericType([.. type.GetGenericArguments().Select(argument =>
        argument.GetGenericParameterConstraints()
            .Any(one => one.Name.StartsWith("IReportLine", StringComparison.Ordinal))
            ? typeof(SaturationResult) : typeof(Tensor))]);

    static MethodInfo Closed(MethodInfo method) =>
        method.MakeGenericMethod([.. method.GetGenericArguments().Select(argument =>
        argument.GetGenericParameterConstraints().Select(one => one.Name.Split('`')[0])
            .FirstOrDefault(name => name.StartsWith('I')) switch
        {
            "IRows" => typeof(Tensor),
            "INumbers" => typeof(ChainRule.Kernels.Lone<double>),
            "IFormula" => typeof(Tanh),
            "IBinaryFormula" => typeof(Add),
            _ => typeof(float),
        })]);
}
