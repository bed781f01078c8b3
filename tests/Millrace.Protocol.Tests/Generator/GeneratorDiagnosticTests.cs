using Microsoft.CodeAnalysis;

namespace Millrace.Protocol.Tests.Generator;

public sealed class GeneratorDiagnosticTests
{
    [Fact]
    public void Message_that_is_right_has_no_diagnostics() => Assert.Empty(GeneratorRun.Diagnose("""
        public int Number { get; set; } = -1;
        [Versions("1+"), NullableIn("2-3")]
        public string? Text { get; set; }
        public List<Part> Parts { get; set; } = [];
        [Tag(0, "3+")]
        public Part? Tagged { get; set; }
        [Versions("1+"), NullableIn("2+")]
        public Part? Untagged { get; set; }
        internal sealed partial class Part
        {
            public ReadOnlyMemory<byte> Bytes { get; set; }
            public List<Guid> Ids { get; set; } = [];
        }
        """));

    [Theory]
    [InlineData("MRP001", "public List<Part> P { get; set; } = []; internal sealed class Part { public int X { get; set; } }")]
    [InlineData("MRP002", "[Versions(\"2..4\")] public int X { get; set; }")]
    [InlineData("MRP002", "[Versions(\"+\")] public int X { get; set; }")]
    [InlineData("MRP002", "[Versions(\"4-2\")] public int X { get; set; }")]
    [InlineData("MRP002", "[Versions(\"1-2-3\")] public int X { get; set; }")]
    [InlineData("MRP002", "[NullableIn(\"v1\")] public string? X { get; set; }")]
    [InlineData("MRP003", "public decimal X { get; set; }")]
    [InlineData("MRP003", "public int[] X { get; set; } = [];")]
    [InlineData("MRP003", "public List<string?> X { get; set; } = [];")]
    [InlineData("MRP003", "public List<List<int>> X { get; set; } = [];")]
    [InlineData("MRP003", "public Part X { get; set; } = new(); [Tag(0, \"3+\")] public Part Y { get; set; } = new(); internal sealed partial class Part;")]
    [InlineData("MRP003", "[Tag(0, \"3+\"), NullableIn(\"3+\")] public Part? X { get; set; } internal sealed partial class Part { public int Z { get; set; } }")]
    [InlineData("MRP006", "public Part? X { get; set; } internal sealed partial class Part { public int Z { get; set; } }")]
    [InlineData("MRP004", "[Versions(\"5+\")] public int X { get; set; }")]
    [InlineData("MRP004", "internal sealed partial class Unused { public int Z { get; set; } }")]
    [InlineData("MRP004", "[Versions(\"2+\")] public List<Part> X { get; set; } = []; internal sealed partial class Part { [Versions(\"0-1\")] public int Z { get; set; } }")]
    [InlineData("MRP005", "[Tag(-1, \"3+\")] public int X { get; set; }")]
    [InlineData("MRP005", "[Tag(0, \"2+\")] public int X { get; set; }")]
    [InlineData("MRP005", "[Tag(0, \"3+\"), Versions(\"3+\")] public int X { get; set; }")]
    [InlineData("MRP005", "[Tag(0, \"3+\")] public int X { get; set; } [Tag(0, \"3+\")] public int Y { get; set; }")]
    [InlineData("MRP006", "public string? X { get; set; }")]
    [InlineData("MRP006", "[NullableIn(\"1+\")] public string X { get; set; } = \"\";")]
    [InlineData("MRP006", "[NullableIn(\"1+\")] public Part X { get; set; } = new(); internal sealed partial class Part { public int Z { get; set; } }")]
    [InlineData("MRP006", "[NullableIn(\"1+\")] public int? X { get; set; }")]
    [InlineData("MRP007", "public List<Part> X { get; set; } = []; internal sealed partial class Part { public List<Part> Z { get; set; } = []; }")]
    [InlineData("MRP008", "public int X { get; set; } = int.Parse(\"1\");")]
    public void Attribute_that_is_wrong_is_an_error_at_its_place(string id, string members)
    {
        IReadOnlyList<Diagnostic> diagnostics = GeneratorRun.Diagnose(members);

        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == id);
        Assert.All(diagnostics, diagnostic =>
        {
            Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
            Assert.True(diagnostic.Location.GetLineSpan().StartLinePosition.Line >= 2, $"{diagnostic}");
        });
    }

    [Theory]
    [InlineData("MRP001", "internal sealed class Sample;", "\"0-4\"")]
    [InlineData("MRP002", "internal sealed partial class Sample;", "\"0+\"")]
    [InlineData("MRP002", "internal sealed partial class Sample;", "\"none\"")]
    [InlineData("MRP002", "internal sealed partial class Sample;", "\"x\"")]
    public void Message_attribute_that_is_wrong_is_an_error(string id, string declaration, string versions) => Assert.Equal(
        [id],
        GeneratorRun.DiagnoseSource($"namespace Millrace.Protocol.Messages; [KafkaMessage(ApiKey.Fetch, {versions}, \"none\")] {declaration}")
            .Select(diagnostic => diagnostic.Id));
}
