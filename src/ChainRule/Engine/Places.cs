namespace ChainRule;

/// <summary>Where in a tensor a number stands.</summary>
static class Places
{
    /// <summary>The index, one number for each axis, of a flat index.</summary>
    public static int[] Index(Shape shape, int flat)
    {
        int[] index = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            index[axis] = flat % shape[axis];
            flat /= shape[axis];
        }
        return index;
    }
}
