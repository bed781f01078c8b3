using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;
using Millrace.Events.Json;

namespace Millrace.Events.Tests;

/// <summary>The tokens of a document, held against what System.Text.Json reads of it.</summary>
public sealed class JsonTokensTests
{
    private static readonly JsonLimits Limits = new(MaxBytes: 64 * 1024, MaxTokens: 8_192, MaxDepth: 16);

    // One reader for all of them: nothing may stay of the document before.
    private readonly JsonTokens _tokens = new();

    [Theory]
    [InlineData("""{}""")]
    [InlineData(""" { } """)]
    [InlineData("""[ [ ] , { } , [ { } ] ]""")]
    [InlineData("""{"a":{},"b":[],"c":{"d":{"e":[1,2,{"f":null}],"g":true},"h":"x"},"i":"y"}""")]
    [InlineData("""{ "a" : 1 , "b" : { "c" : [ ] , "d" : [ -0.5e3 , false ] } , "e" : "" }""")]
    [InlineData("""{"äöü":"ä","\u00e4\ud83d\ude00":"\u00e4\ud83d\ude00","a\"b":"a\\b","ascii":"plain"}""")]
    [InlineData("""["\u00e4","ascii"]""")]
    public void Tokens_are_the_values_of_the_document(string json)
    {
        foreach (var written in (string[])[json, "\n\t" + json.Replace(",", "\r\n , ").Replace(":", " : ")])
        {
            AssertSameAsOracle(written);
        }
    }

    [Fact]
    public void Tokens_of_random_documents_are_their_values()
    {
        var random = new Random(20_261_128);
        for (var i = 0; i < 3_000; i++)
        {
            var json = new StringBuilder();
            Write(json, random, depth: 0);
            AssertSameAsOracle(json.ToString());
        }
    }

    [Theory]
    [InlineData("""{"a":1,"b":2,"c":{"a":1,"b":2},"d":[{"a":1},{"a":1}]}""", -1)]
    [InlineData("""{"a":1,"b":{},"a":2}""", 14)]
    [InlineData("""{"a":1,"b":[],"a":2}""", 14)]
    [InlineData("""{"a":1,"b":{"c":1},"a":2}""", 19)]
    [InlineData("""{"a":1,"b":[{"c":1,"d":{"e":1}}],"a":2}""", 33)]
    [InlineData("""{"x":{"a":1,"b":{"c":1},"a":2}}""", 24)]
    [InlineData("""{"a":1,"\u0061":2}""", 7)]
    [InlineData("""{"\u0061":1,"a":2}""", 12)]
    [InlineData("""[{"a":1},{"b":1,"a":1,"b":1}]""", 22)]
    public void Name_that_stands_twice_in_one_object_is_noted(string json, int at)
    {
        Assert.Equal(JsonProblem.None, _tokens.Read(Encoding.UTF8.GetBytes(json), Limits, out _));
        Assert.Equal(at, _tokens.DuplicateNameAt);
    }

    [Fact]
    public void One_name_among_any_number_of_others_is_found_again()
    {
        for (var count = 1; count <= 150; count++)
        {
            var members = Enumerable.Range(0, count).Select(i => $"\"name{i}\":{{\"name{i + 1}\":[]}}").ToList();
            foreach (var twice in (int[])[0, count / 2, count - 1])
            {
                var first = $"{{{string.Join(',', members)},";
                Assert.Equal(JsonProblem.None, _tokens.Read(Encoding.UTF8.GetBytes($"{first}\"other\":0}}"), Limits, out _));
                Assert.Equal(-1, _tokens.DuplicateNameAt);
                Assert.Equal(JsonProblem.None, _tokens.Read(Encoding.UTF8.GetBytes($"{first}\"name{twice}\":0}}"), Limits, out _));
                Assert.Equal(first.Length, _tokens.DuplicateNameAt);
            }
        }
    }

    [Theory]
    [InlineData("""{"a" 1}""", 5, JsonProblem.Syntax)]
    [InlineData("""{"a" :""", 6, JsonProblem.UnexpectedEnd)]
    [InlineData("""{"a":1 ]""", 7, JsonProblem.Syntax)]
    [InlineData("""{"a":1,}""", 7, JsonProblem.Syntax)]
    [InlineData("""{"a":1, """, 8, JsonProblem.UnexpectedEnd)]
    [InlineData("""[[1],{"a":[]}""", 13, JsonProblem.UnexpectedEnd)]
    [InlineData("""[{]""", 2, JsonProblem.Syntax)]
    [InlineData("""{]""", 1, JsonProblem.Syntax)]
    [InlineData("""[}""", 1, JsonProblem.Syntax)]
    [InlineData("""[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]""", 16, JsonProblem.TooDeep)]
    [InlineData("""[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]""", 16, JsonProblem.TooDeep)]
    public void What_is_no_json_is_told_with_its_place(string json, int at, object problem)
    {
        Assert.Equal(problem, _tokens.Read(Encoding.UTF8.GetBytes(json), Limits, out var position));
        Assert.Equal(at, position);
    }

    [Theory]
    [InlineData(8_191, JsonProblem.None)]
    [InlineData(8_192, JsonProblem.TooManyValues)]
    public void Number_of_values_is_limited_to_the_last(int items, object problem)
    {
        var json = $"[{string.Join(',', Enumerable.Repeat("0", items))}]";
        Assert.Equal(problem, _tokens.Read(Encoding.UTF8.GetBytes(json), Limits, out _));
    }

    [Fact]
    public void Hash_of_a_name_is_the_same_from_its_bytes_and_from_a_register()
    {
        var seen = new HashSet<int>();
        for (var length = 0; length <= 16; length++)
        {
            var padded = new byte[16];
            Array.Fill(padded, (byte)'a', 0, length);
            Assert.Equal(NameHash.Of(padded.AsSpan(0, length)), NameHash.OfShort(Vector128.Create(padded), length));
            Assert.True(seen.Add(NameHash.Of(padded.AsSpan(0, length))));
            for (var at = 0; at < length; at++)
            {
                padded[at] = (byte)'b';
                Assert.Equal(NameHash.Of(padded.AsSpan(0, length)), NameHash.OfShort(Vector128.Create(padded), length));
                Assert.True(seen.Add(NameHash.Of(padded.AsSpan(0, length))));
                padded[at] = (byte)'a';
            }
        }
    }

    /// <summary>The multipliers are drawn anew in each process, and a rare one does badly by one length; a hash that does not mix does so by most.</summary>
    [Fact]
    public void Hashes_of_names_that_end_differently_differ_in_their_lowest_and_highest_bits()
    {
        var bad = 0;
        for (var length = 2; length <= 24; length++)
        {
            var hashes = Enumerable.Range(0, 100).Select(i => NameHash.Of(Encoding.UTF8.GetBytes($"{i:00}".PadLeft(length, 'n')))).ToList();
            bad += hashes.Select(hash => hash & 63).Distinct().Count() < 16 || hashes.Select(hash => hash >>> 26).Distinct().Count() < 16 ? 1 : 0;
        }

        Assert.InRange(bad, 0, 3);
    }

    private void AssertSameAsOracle(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        Assert.Equal(JsonProblem.None, _tokens.Read(utf8, Limits, out _));
        using var oracle = JsonDocument.Parse(utf8);
        Assert.Equal(_tokens.Count, AssertSame(_tokens.View(utf8), 0, oracle.RootElement));
    }

    /// <returns>The token after the value.</returns>
    private static int AssertSame(JsonView view, int index, JsonElement oracle)
    {
        var token = view.Tokens[index];
        Assert.Equal(oracle.ValueKind.ToString(), token.Kind.ToString());
        var next = index + 1;
        switch (oracle.ValueKind)
        {
            case JsonValueKind.Object:
                var count = 0;
                foreach (var member in oracle.EnumerateObject())
                {
                    Assert.Equal(TokenKind.Name, view.Tokens[next].Kind);
                    AssertText(view, next, member.Name);
                    Assert.Equal(NameHash.Of(Encoding.UTF8.GetBytes(member.Name)), view.Tokens[next].Count);
                    next = AssertSame(view, next + 1, member.Value);
                    count++;
                }

                Assert.Equal(count, token.Count);
                break;
            case JsonValueKind.Array:
                Assert.Equal(oracle.GetArrayLength(), token.Count);
                foreach (var item in oracle.EnumerateArray())
                {
                    next = AssertSame(view, next, item);
                }

                break;
            case JsonValueKind.String:
                AssertText(view, index, oracle.GetString()!);
                break;
        }

        if (oracle.ValueKind != JsonValueKind.String)
        {
            Assert.Equal(oracle.GetRawText(), Encoding.UTF8.GetString(view.Text(token)));
        }

        Assert.Equal(next, token.Next);
        return next;
    }

    private static void AssertText(JsonView view, int index, string expected)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString(view.Text(view.Tokens[index])));
        Assert.Equal(expected.EnumerateRunes().Count(), view.CountCharacters(view.Tokens[index]));
    }

    private static void Write(StringBuilder json, Random random, int depth)
    {
        Space();
        switch (random.Next(depth < 5 ? 8 : 5))
        {
            case 0:
                json.Append(random.Next(3) switch { 0 => "true", 1 => "false", _ => "null" });
                break;
            case 1:
                json.Append(random.Next(4) switch { 0 => "0", 1 => "-12", 2 => "3.25", _ => "1e-7" });
                break;
            case 2 or 3 or 4:
                Text("");
                break;
            case 5:
                Items('[', ']', _ => { });
                break;
            default:
                Items('{', '}', number =>
                {
                    Space();
                    Text(number + "-");
                    Space();
                    json.Append(':');
                });
                break;
        }

        Space();

        void Items(char open, char close, Action<int> name)
        {
            json.Append(open);
            var count = random.Next(6);
            for (var i = 0; i < count; i++)
            {
                name(i);
                Write(json, random, depth + 1);
                json.Append(i < count - 1 ? "," : "");
            }

            if (count == 0)
            {
                Space();
            }

            json.Append(close);
        }

        void Text(string beginning)
        {
            json.Append('"').Append(beginning).Append('a', random.Next(random.Next(2) == 0 ? 4 : 40));
            json.Append(random.Next(12) switch { 0 => "\\n", 1 => "ä", 2 => "\\u00e4", 3 => "😀", 4 => "\\ud83d\\ude00", _ => "" });
            json.Append('b', random.Next(20)).Append('"');
        }

        void Space() => json.Append(random.Next(6) switch { 0 => " ", 1 => "\n\t", _ => "" });
    }
}
