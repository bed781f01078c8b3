namespace Millrace.Client;

/// <summary>Names for <c>$defs</c> that a person recognises and a JSON Pointer needs no escapes for.</summary>
internal static class TypeNames
{
    /// <summary>The type's name, with its arguments when it is generic (<c>PageOfItem</c>), and a number when another type has it.</summary>
    public static string Unique(Type type, ICollection<string> taken)
    {
        var name = Of(type);
        var candidate = name;
        for (var n = 2; taken.Contains(candidate); n++)
            candidate = $"{name}{n}";
        return candidate;
    }

    private static string Of(Type type)
    {
        var tick = type.Name.IndexOf('`');
        var name = tick < 0 ? type.Name : $"{type.Name[..tick]}Of{string.Concat(type.GetGenericArguments().Select(Of))}";
        return name.Replace("[]", "Array", StringComparison.Ordinal);
    }
}
