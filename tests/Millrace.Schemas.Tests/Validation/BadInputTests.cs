using System.Text;

namespace Millrace.Schemas.Tests.Validation;

/// <summary>Bytes that no sensible producer sends: each has one clear outcome, the same from both questions.</summary>
public sealed class BadInputTests
{
    private static readonly JsonSchema Anything = Compiled.Schema("""{"minProperties":0}""");

    public static TheoryData<string, byte[]> Malformed() => new()
    {
        { "nothing to read", [] },
        { "nothing to read", "  "u8.ToArray() },
        { "byte order mark", [0xEF, 0xBB, 0xBF, .. "{}"u8] },
        { "not UTF-8 (byte 6)", [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8] },
        { "not UTF-8 (byte 1)", [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'] },
        { "ends in the middle", "{\"a\":"u8.ToArray() },
        { "ends in the middle", "{\"a\""u8.ToArray() },
        { "ends in the middle", "[1,"u8.ToArray() },
        { "ends in the middle", "\"abc"u8.ToArray() },
        { "ends in the middle", "\"abc\\"u8.ToArray() },
        { "unexpected character at byte 3", "[1,]"u8.ToArray() },
        { "unexpected character at byte 1", "{1:2}"u8.ToArray() },
        { "unexpected character at byte 4", "{\"a\"}"u8.ToArray() },
        { "unexpected character at byte 2", "[1}"u8.ToArray() },
        { "unexpected character at byte 0", "nul"u8.ToArray() },
        { "unexpected character at byte 1", "{,}"u8.ToArray() },
        { "something follows the value at byte 3", "{} x"u8.ToArray() },
        { "control character in a string at byte 2", "\"a\nb\""u8.ToArray() },
        { "unknown escape in a string at byte 1", "\"\\x\""u8.ToArray() },
        { "unknown escape in a string at byte 1", "\"\\u12g4\""u8.ToArray() },
        { "half of a surrogate pair", "\"\\ud800\""u8.ToArray() },
        { "half of a surrogate pair", "\"\\udc00\\ud800\""u8.ToArray() },
        { "malformed number", "01"u8.ToArray() },
        { "malformed number", "-"u8.ToArray() },
        { "malformed number", "1."u8.ToArray() },
        { "malformed number", "1e+"u8.ToArray() },
        { "exponent of more than 15 digits", "1e1000000000000000"u8.ToArray() },
        { "the name at byte 7 stands twice", """{"a":1,"a":2}"""u8.ToArray() },
        { "stands twice", """{"a":1,"b":{"a":1},"\u0061":2}"""u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_json_does_not_fit_and_says_where(string expected, byte[] utf8)
    {
        Assert.False(Anything.IsValid(utf8));
        Assert.Contains(expected, Assert.Single(Anything.Evaluate(utf8).Errors).Message);
    }

    /// <summary>Texts are looked through 16 bytes at a time: wherever one ends, breaks off or has an escape, and however near that is to the end of the document.</summary>
    [Fact]
    public void Text_of_any_length_is_read_to_its_end_and_no_further()
    {
        for (var length = 0; length <= 50; length++)
        {
            var schema = Compiled.Schema($$$"""{"items":{"minLength":{{{length}}},"maxLength":{{{length}}}}}""");
            var text = new string('ä', length / 2) + new string('a', length - (length / 2));
            Assert.True(schema.IsValid($"[\"{text}\"]"));
            Assert.True(schema.IsValid($"[\"{text}\",\"{text}\"]"));
            Assert.Contains("ends in the middle", Assert.Single(schema.Evaluate($"[\"{text}").Errors).Message);
            for (var at = 0; at < length; at++)
            {
                foreach (var escape in (string[])["\\\"", "\\\\", "\\u0041"])
                {
                    Assert.True(schema.IsValid($"[\"{text[..at]}{escape}{text[(at + 1)..]}\"]"));
                }

                foreach (var control in (char[])['\0', '\n', '\x1f'])
                {
                    Assert.Contains("control character", Assert.Single(schema.Evaluate($"[\"{text[..at]}{control}{text[(at + 1)..]}\"]").Errors).Message);
                }
            }
        }
    }

    [Fact]
    public void Depth_of_ten_thousand_is_refused_and_a_thousand_is_judged()
    {
        Assert.Contains("more than 1000 deep", Assert.Single(Anything.Evaluate(Nested(10_000)).Errors).Message);
        Assert.False(Anything.IsValid(Nested(10_000)));
        Assert.True(Anything.IsValid(Nested(1_000)));
    }

    [Fact]
    public void Recursive_schema_on_a_deep_instance_ends_in_a_report()
    {
        var tree = Compiled.Schema("""{"$ref":"#/$defs/t","$defs":{"t":{"allOf":[{"$ref":"#/$defs/list"}]},"list":{"items":{"$ref":"#/$defs/t"}}}}""");

        Assert.True(tree.IsValid(Nested(300)));
        Assert.Contains("schemas deep", Assert.Single(tree.Evaluate(Nested(1_000)).Errors).Message);
        Assert.False(tree.IsValid(Nested(1_000)));
    }

    [Fact]
    public void String_of_ten_megabytes_is_judged_and_its_report_is_short()
    {
        var schema = Compiled.Schema("""{"maxLength":10000000,"pattern":"^a*$"}""");
        var text = Enumerable.Repeat((byte)'a', 10_000_002).ToArray();
        text[0] = text[^1] = (byte)'"';
        Assert.True(schema.IsValid(text));

        text[5_000_000] = (byte)'b';
        Assert.True(Assert.Single(schema.Evaluate(text).Errors).Message.Length < 200);
    }

    [Fact]
    public void Numbers_of_ten_thousand_digits_are_exact()
    {
        var digits = string.Concat(Enumerable.Repeat("1234567890", 1_000));
        var schema = Compiled.Schema($$"""{"type":"integer","maximum":{{digits}},"multipleOf":10}""");

        Assert.True(schema.IsValid(digits));
        Assert.True(schema.IsValid(digits + ".0"));
        Assert.True(schema.IsValid(digits[..^1] + "0e0"));
        Assert.False(schema.IsValid(digits[..^1] + "1"));
        Assert.False(schema.IsValid(digits + ".000001"));
        Assert.False(schema.IsValid(digits + "0"));
        Assert.True(Compiled.Schema($$"""{"multipleOf":{{digits}}}""").IsValid($"{digits}{new string('0', 5_000)}"));
        Assert.False(Compiled.Schema($$"""{"multipleOf":{{digits}}}""").IsValid($"{digits}1"));
    }

    [Fact]
    public void Objects_with_many_members_are_read_and_their_duplicates_found()
    {
        var members = Enumerable.Range(0, 100_000).Select(number => $"\"member{number}\":{number}").ToList();
        Assert.True(Anything.IsValid($"{{{string.Join(',', members)}}}"));

        members.Add("\"member777\":1");
        Assert.False(Anything.IsValid($"{{{string.Join(',', members)}}}"));
    }

    [Fact]
    public void Many_items_are_compared_without_taking_the_square_of_them()
    {
        var unique = Compiled.Schema("""{"uniqueItems":true}""");
        var items = Enumerable.Range(0, 100_000).Select(number => $$"""{"a":{{number}},"b":[{{number}}.5]}""").ToList();
        Assert.True(unique.IsValid($"[{string.Join(',', items)}]"));

        items.Add("""{"b":[5e-1],"a":0e5}""");
        Assert.False(unique.IsValid($"[{string.Join(',', items)}]"));
    }

    [Fact]
    public void Document_over_the_limits_is_refused_with_the_limit()
    {
        Assert.Contains("larger than 64 MiB", Assert.Single(Anything.Evaluate(new byte[(64 * 1024 * 1024) + 1]).Errors).Message);

        var values = new StringBuilder("[0", 8_100_000);
        for (var i = 0; i < 4_000_000; i++)
        {
            values.Append(",0");
        }

        Assert.Contains("more than 4000000 values", Assert.Single(Anything.Evaluate(values.Append(']').ToString()).Errors).Message);
    }

    private static byte[] Nested(int depth) => [.. Enumerable.Repeat((byte)'[', depth), .. Enumerable.Repeat((byte)']', depth)];
}
