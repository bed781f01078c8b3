using System.Text;

namespace Millrace.Schemas.Patterns;

/// <summary>The characters of a class, as code points, and how .NET, which knows only UTF-16 units, is told of them.</summary>
internal sealed class CodePointSet
{
    private const int LastCodePoint = 0x10FFFF;
    private const string AnyPair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private readonly List<(int From, int To)> _ranges = [];

    /// <summary>Unicode categories such as <c>\p{L}</c>. .NET knows them of the characters of one unit only.</summary>
    private readonly StringBuilder _categories = new();

    public void Add(int from, int to) => _ranges.Add((from, to));

    public void AddCategory(string escape) => _categories.Append(escape);

    public void AddAll(CodePointSet other)
    {
        _ranges.AddRange(other._ranges);
        _categories.Append(other._categories);
    }

    /// <summary>Everything else; not for sets with categories.</summary>
    public CodePointSet Complement()
    {
        var complement = new CodePointSet();
        var next = 0;
        foreach (var (from, to) in _ranges.Order())
        {
            if (from > next)
            {
                complement.Add(next, from - 1);
            }

            next = Math.Max(next, to + 1);
        }

        if (next <= LastCodePoint)
        {
            complement.Add(next, LastCodePoint);
        }

        return complement;
    }

    /// <summary>Everything else, as part of a class.</summary>
    public CodePointSet Outside()
    {
        if (_categories.Length == 0)
        {
            return Complement();
        }

        var outside = new CodePointSet();
        outside.AddCategory(_categories.ToString().Replace(@"\p", @"\P"));
        outside.Add(0x10000, LastCodePoint);
        return outside;
    }

    /// <summary>A .NET expression that matches one character of the set, or, negated, one that is not in it.</summary>
    public string ToRegex(bool negated)
    {
        if (negated && _categories.Length == 0)
        {
            return Complement().ToRegex(negated: false);
        }

        var units = new StringBuilder();
        var pairs = new List<string>();
        foreach (var (from, to) in _ranges)
        {
            if (from <= 0xFFFF)
            {
                AppendRange(units, from, Math.Min(to, 0xFFFF));
            }

            if (to > 0xFFFF)
            {
                AddPairs(pairs, Math.Max(from, 0x10000), to);
            }
        }

        if (negated)
        {
            // Categories say nothing about pairs, so each pair that is not in a range is outside.
            var outside = new CodePointSet();
            outside._ranges.AddRange(_ranges);
            outside.Add(0, 0xFFFF);
            var rest = new List<string>();
            foreach (var (from, to) in outside.Complement()._ranges)
            {
                AddPairs(rest, from, to);
            }

            return Alternatives([$@"[^{units}{_categories}\uD800-\uDFFF]", .. rest]);
        }

        return units.Length + _categories.Length == 0
            ? Alternatives(pairs.Count == 0 ? [@"[^\s\S]"] : pairs)
            : Alternatives([$"[{units}{_categories}]", .. pairs]);
    }

    private static string Alternatives(IReadOnlyList<string> parts) => parts.Count == 1 && parts[0][0] == '[' && !parts[0].Contains("][") ? parts[0] : $"(?:{string.Join('|', parts)})";

    private static void AddPairs(List<string> into, int from, int to)
    {
        if (from == 0x10000 && to == LastCodePoint)
        {
            into.Add(AnyPair);
            return;
        }

        while (from <= to)
        {
            // All characters with one first half stand in a row of 1,024.
            var high = Half(from, first: true);
            var last = Math.Min(to, from | 0x3FF);
            if ((from & 0x3FF) == 0 && (to & 0x3FF) == 0x3FF)
            {
                var lastHigh = Half(to, first: true);
                into.Add($@"[\u{high:X4}-\u{lastHigh:X4}][\uDC00-\uDFFF]");
                return;
            }

            into.Add($@"\u{high:X4}[\u{Half(from, first: false):X4}-\u{Half(last, first: false):X4}]");
            from = last + 1;
        }
    }

    private static int Half(int codePoint, bool first) => char.ConvertFromUtf32(codePoint)[first ? 0 : 1];

    private static void AppendRange(StringBuilder into, int from, int to)
    {
        into.Append($@"\u{from:X4}");
        if (to > from)
        {
            into.Append($@"-\u{to:X4}");
        }
    }
}
