namespace Millrace.Schemas.Compatibility;

/// <summary>Tells what a new version of a schema does to data and readers of the old one, from the two schemas alone.</summary>
public static class SchemaCompatibility
{
    /// <summary>Compares two versions of a schema.</summary>
    /// <param name="older">The version that is there.</param>
    /// <param name="newer">The version that is to come.</param>
    /// <param name="strict">
    /// Whether an optional property that is added to an open object breaks backward compatibility: old data may have held the name with any value.
    /// Without it the addition is allowed, as users expect.
    /// </param>
    public static SchemaDiff Compare(JsonSchema older, JsonSchema newer, bool strict) => throw new NotSupportedException();
}
