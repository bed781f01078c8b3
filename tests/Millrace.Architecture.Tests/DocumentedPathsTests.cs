using System.Text.RegularExpressions;

namespace Millrace.Architecture.Tests;

/// <summary>A path that the documents name must be there: a reader who follows it finds something.</summary>
public sealed partial class DocumentedPathsTests
{
    public static TheoryData<string> Documents() =>
        [.. Directory.GetFiles(SourceTree.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(SourceTree.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(SourceTree.Root, file))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_names_only_paths_that_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, document));
        var folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, document))!;

        var inCode = CodePath().Matches(text).Select(match => match.Groups["path"].Value)
            .Where(path => !Path.Exists(Path.Combine(SourceTree.Root, path)));
        var inLinks = LinkTarget().Matches(text).Select(match => match.Groups["path"].Value)
            .Where(path => !path.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, path)));

        Assert.Empty(inCode.Concat(inLinks));
    }

    /// <summary>`src/…`, `tests/…` and so on, between backticks.</summary>
    [GeneratedRegex(@"`(?<path>(?:src|tests|bench|docs|samples|deploy|flows|schemas|eng|\.ci)/[^`\s*<>…]*)`")]
    private static partial Regex CodePath();

    /// <summary>The target of a Markdown link, without its anchor.</summary>
    [GeneratedRegex(@"\]\((?<path>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex LinkTarget();
}
