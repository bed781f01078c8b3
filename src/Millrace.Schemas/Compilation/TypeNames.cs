namespace Millrace.Schemas.Compilation;

/// <summary>What the standard calls the types.</summary>
internal static class TypeNames
{
    private static readonly (TypeSet Type, string Name)[] Names =
    [
        (TypeSet.Object, "object"), (TypeSet.Array, "array"), (TypeSet.String, "string"), (TypeSet.Number, "number"), (TypeSet.Integer, "integer"),
        (TypeSet.Boolean, "boolean"), (TypeSet.Null, "null"),
    ];

    /// <summary>The names of the types in a set; integers go without saying where any number is in it.</summary>
    public static IEnumerable<string> Of(TypeSet types) =>
        Names.Where(pair => types.HasFlag(pair.Type) && (pair.Type != TypeSet.Integer || !types.HasFlag(TypeSet.Number))).Select(pair => pair.Name);

    /// <summary>The type of a name; none when there is no such type.</summary>
    public static TypeSet Find(string name) => Names.FirstOrDefault(pair => pair.Name == name).Type;
}
