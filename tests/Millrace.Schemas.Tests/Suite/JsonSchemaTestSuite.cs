using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Millrace.Schemas.Tests.Suite;

/// <summary>The tests that the authors of JSON Schema publish, with the schemas that they refer to.</summary>
internal static class JsonSchemaTestSuite
{
    private const string Remotes = "remotes/";

    private static readonly Dictionary<string, byte[]> Files = Read();

    public static IEnumerable<string> TestFiles => Files.Keys.Where(name => name.StartsWith("tests/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>What the suite serves under http://localhost:1234.</summary>
    public static ReadOnlyMemory<byte>? Resolve(Uri uri)
    {
        if (uri.Authority != "localhost:1234")
        {
            return null;
        }

        // Of the older drafts' schemas the suite as kept here has none; this one is all that a test of 2020-12 needs.
        return uri.AbsolutePath == "/draft2019-09/ignore-prefixItems.json"
            ? Encoding.UTF8.GetBytes("""{"$schema":"https://json-schema.org/draft/2019-09/schema","type":"array","prefixItems":[{"type":"string"}]}""")
            : Files.TryGetValue(Remotes + uri.AbsolutePath.TrimStart('/'), out var file) ? file : null;
    }

    public static IEnumerable<SuiteCase> Cases(string file)
    {
        using var document = JsonDocument.Parse(Files[file]);
        foreach (var group in document.RootElement.EnumerateArray())
        {
            var schema = Encoding.UTF8.GetBytes(group.GetProperty("schema").GetRawText());
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                yield return new SuiteCase(
                    $"{file}: {group.GetProperty("description").GetString()}: {test.GetProperty("description").GetString()}",
                    schema,
                    Encoding.UTF8.GetBytes(test.GetProperty("data").GetRawText()),
                    test.GetProperty("valid").GetBoolean(),
                    AssertFormats: file.Contains("/format/", StringComparison.Ordinal));
            }
        }
    }

    private static Dictionary<string, byte[]> Read()
    {
        using var archive = new ZipArchive(typeof(JsonSchemaTestSuite).Assembly.GetManifestResourceStream("json-schema-test-suite.zip")!);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }
}
