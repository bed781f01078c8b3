namespace Millrace.Schemas.Compatibility;

/// <summary>Tells what a new version of a schema does to data and readers of the old one, from the two schemas alone.</summary>
/// <remarks>
/// Both questions are one: whether everything that one schema accepts is accepted by the other. What cannot be told counts as breaking, so that
/// "compatible" is always a proof and "breaks" sometimes only a doubt, then of the kind <c>undecidable</c>.
/// </remarks>
public static class SchemaCompatibility
{
    /// <summary>Compares two versions of a schema.</summary>
    /// <param name="older">The version that is there.</param>
    /// <param name="newer">The version that is to come.</param>
    /// <param name="strict">
    /// Whether an optional property that is added to an open object breaks backward compatibility: old data may have held the name with any value.
    /// Without it the addition is allowed, as users expect, and so is taking such a property away.
    /// </param>
    public static SchemaDiff Compare(JsonSchema older, JsonSchema newer, bool strict)
    {
        var backward = new Inclusion(older, newer, strict, isBackward: true).Check();
        var forward = new Inclusion(newer, older, strict, isBackward: false).Check();
        return new SchemaDiff([.. backward.Concat(forward)
            .GroupBy(difference => (difference.Pointer, difference.Kind, difference.Message))
            .Select(group => group.First() with { BreaksBackward = group.Any(one => one.BreaksBackward), BreaksForward = group.Any(one => one.BreaksForward) })]);
    }
}
