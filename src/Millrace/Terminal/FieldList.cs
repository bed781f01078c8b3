namespace Millrace.Terminal;

/// <summary>One thing with its properties, a line each: name, value. What is not known is left out.</summary>
internal static class FieldList
{
    public static void Write(TextWriter output, IEnumerable<(string Name, string? Value)> fields)
    {
        List<(string Name, string? Value)> known = [.. fields.Where(f => f.Value is not null)];
        int width = known.Max(f => f.Name.Length);
        foreach ((string name, string? value) in known)
            output.WriteLine($"{name.PadRight(width)}  {value}");
    }
}
