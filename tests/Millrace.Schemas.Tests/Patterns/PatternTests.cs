using System.Text;
using System.Text.RegularExpressions;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Tests.Patterns;

/// <summary>The quick matcher says what the engine says, and the translation what ECMA-262 says.</summary>
public sealed class PatternTests
{
    private static readonly string[] Pieces = ["a", "b", "[ab]", "[a-c]", "\\d", "\\w", "-", "\\.", "x"];
    private static readonly string[] Counts = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{2,}"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Simple_patterns_match_what_the_engine_matches(int seed)
    {
        var random = new Random(seed);
        var (simple, matched) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var text = "^" + string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pieces[random.Next(Pieces.Length)] + Counts[random.Next(Counts.Length)])) + (random.Next(2) == 0 ? "$" : "");
            var pattern = Pattern.Parse(text);
            var engine = new Regex(EcmaTranslator.Translate(text));
            simple += pattern.IsSimple ? 1 : 0;
            for (var j = 0; j < 30; j++)
            {
                var instance = new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => "aabbc1_-.xé"[random.Next(11)])]);
                var expected = engine.IsMatch(instance);
                matched += expected ? 1 : 0;
                Assert.True((Matches(pattern, instance) == PatternAnswer.Yes) == expected, $"{text} on {instance}: expected {expected}");
            }
        }

        Assert.InRange(simple, 100, 399);
        Assert.InRange(matched, 500, 10_000);
    }

    [Theory]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^[😀-😎]+$", "😁😂", true)]
    [InlineData("^[😀-😎]+$", "🙈", false)]
    [InlineData("^[^😀]$", "😁", true)]
    [InlineData("^[^😀]$", "😀", false)]
    [InlineData("^\\u{1F600}{2}$", "😀😀", true)]
    [InlineData("^\\D$", "😀", true)]
    [InlineData("^[\\s\\S]$", "😀", true)]
    [InlineData("^\\P{L}$", "1", true)]
    [InlineData("^[\\P{L}]$", "a", false)]
    [InlineData("\\bcat\\b", "the cat sat", true)]
    [InlineData("\\bcat\\b", "concat", false)]
    [InlineData("^(?<n>a|b)\\k<n>$", "aa", true)]
    [InlineData("^(?<n>a|b)\\k<n>$", "ab", false)]
    [InlineData("^[]$", "", false)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("^a{$", "a{", true)]
    [InlineData("^[a-z-[aeiou]]$", "b]", true)]
    public void Translation_keeps_the_meaning_of_ecma_262(string pattern, string text, bool expected) =>
        Assert.Equal(expected ? PatternAnswer.Yes : PatternAnswer.No, Matches(Pattern.Parse(pattern), text));

    [Theory]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("a{2,1}")]
    [InlineData("\\")]
    [InlineData("\\1")]
    [InlineData("\\p{Script=Greek}")]
    [InlineData("(?i)a")]
    [InlineData("a++")]
    public void What_is_no_pattern_is_refused(string pattern) => Assert.Throws<FormatException>(() => Pattern.Parse(pattern));

    private static PatternAnswer Matches(Pattern pattern, string text) => pattern.IsMatch(Encoding.UTF8.GetBytes(text), new Scratch());
}
