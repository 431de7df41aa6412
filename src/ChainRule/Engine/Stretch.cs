namespace ChainRule;

/// <summary>Where a number of a tensor goes when its shape is stretched by broadcasting to another.</summary>
readonly struct Stretch(Shape from, Shape to)
{
    /// <summary>The places of the larger shape that hold a number of the smaller.</summary>
    public List<int> To(int at)
    {
        List<int> places = [0];
        int step = 1;
        for (int axis = 1; axis <= to.Rank; axis++)
        {
            int size = to[^axis], own = axis <= from.Rank ? from[^axis] : 1, digit = at % own;
            at /= own;
            int few = places.Count;
            for (int k = own == 1 ? 1 : size; k < size; k++)
                for (int p = 0; p < few; p++) places.Add(places[p] + k * step);
            if (own != 1) for (int p = 0; p < few; p++) places[p] += digit * step;
            step *= size;
        }
        places.Sort();
        return places;
    }

    /// <summary>The number of the smaller shape that a place of the larger holds.</summary>
    public int From(int place)
    {
        int at = 0, step = 1;
        for (int axis = 1; axis <= from.Rank; axis++)
        {
            int size = to[^axis], own = from[^axis];
            if (own != 1) at += place % size * step;
            place /= size;
            step *= own;
        }
        return at;
    }
}
