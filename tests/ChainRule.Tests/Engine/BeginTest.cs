using ChainRule.Diagnostics;

namespace ChainRule.Tests.Engine;

public sealed class BeginTest
{
    /// <summary>What must be begun cannot be made by new: the compiler refuses it.</summary>
    [Theory]
    [InlineData(typeof(NoGrad))]
    [InlineData(typeof(Scope))]
    [InlineData(typeof(NanWatch))]
    public void What_is_begun_cannot_be_made_by_new(Type type)
    {
        var refused = (ObsoleteAttribute)Attribute.GetCustomAttribute(type.GetConstructor([])!,
            typeof(ObsoleteAttribute))!;
        Assert.True(refused.IsError);
        Assert.Equal($"new {type.Name}() begins nothing: write {type.Name}.Begin()", refused.Message);
    }
}
