namespace Millrace.Schemas.Patterns;

/// <summary>The properties of \p{…} that .NET can answer exactly: the general categories, by their short and long names.</summary>
internal static class UnicodeProperties
{
    private static readonly Dictionary<string, string> Categories = new (string Long, string Short)[]
    {
        ("Letter", "L"), ("Uppercase_Letter", "Lu"), ("Lowercase_Letter", "Ll"), ("Titlecase_Letter", "Lt"), ("Modifier_Letter", "Lm"),
        ("Other_Letter", "Lo"), ("Mark", "M"), ("Combining_Mark", "M"), ("Nonspacing_Mark", "Mn"), ("Spacing_Mark", "Mc"), ("Enclosing_Mark", "Me"),
        ("Number", "N"), ("Decimal_Number", "Nd"), ("digit", "Nd"), ("Letter_Number", "Nl"), ("Other_Number", "No"), ("Punctuation", "P"),
        ("punct", "P"), ("Connector_Punctuation", "Pc"), ("Dash_Punctuation", "Pd"), ("Open_Punctuation", "Ps"), ("Close_Punctuation", "Pe"),
        ("Initial_Punctuation", "Pi"), ("Final_Punctuation", "Pf"), ("Other_Punctuation", "Po"), ("Symbol", "S"), ("Math_Symbol", "Sm"),
        ("Currency_Symbol", "Sc"), ("Modifier_Symbol", "Sk"), ("Other_Symbol", "So"), ("Separator", "Z"), ("Space_Separator", "Zs"),
        ("Line_Separator", "Zl"), ("Paragraph_Separator", "Zp"), ("Other", "C"), ("Control", "Cc"), ("cntrl", "Cc"), ("Format", "Cf"),
        ("Private_Use", "Co"), ("Unassigned", "Cn"),
    }.ToDictionary(pair => pair.Long, pair => pair.Short, StringComparer.Ordinal);

    private static readonly HashSet<string> Short = [.. Categories.Values];

    public static CodePointSet? Find(string name)
    {
        foreach (var prefix in new[] { "General_Category=", "gc=" })
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
            }
        }

        var set = new CodePointSet();
        switch (name)
        {
            case "Any":
                set.Add(0, 0x10FFFF);
                return set;
            case "ASCII":
                set.Add(0, 0x7F);
                return set;
        }

        var category = Categories.GetValueOrDefault(name, name);
        if (!Short.Contains(category))
        {
            return null;
        }

        set.AddCategory($@"\p{{{category}}}");
        return set;
    }
}
