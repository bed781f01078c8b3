namespace Millrace.Protocol.Tests.Generator;

/// <summary>No message of today has a structure that only some of its versions may leave out, so the vectors cannot show it.</summary>
public sealed class GeneratorNullableStructureTests
{
    [Fact]
    public void Structure_that_may_be_null_in_some_versions_has_its_byte_only_there()
    {
        string code = GeneratorRun.Generate("""
            [Versions("1+"), NullableIn("2+")]
            public Part? Value { get; set; }
            internal sealed partial class Part { public int X { get; set; } }
            """);

        Assert.Contains("if (version >= 2 && reader.ReadInt8() < 0)", code, StringComparison.Ordinal);
        Assert.Contains("if (Value is null && version < 2)", code, StringComparison.Ordinal);
        Assert.Matches(@"if \(version >= 2\)\s*\{\s*writer\.WriteInt8\(\(sbyte\)\(Value is null \? -1 : 1\)\);\s*\}\s*Value\?\.Write\(ref writer, version\);", code);
    }
}
