using System.Collections;
using System.Text.Json;

namespace Millrace.Configuration;

/// <summary>One value and where it came from, as the user would name the place.</summary>
internal sealed record OptionValue(string Key, string Value, string Source);

/// <summary>Built-in defaults &lt; <c>millrace.json</c> &lt; environment (<c>MILLRACE__…</c>) &lt; command line.</summary>
internal static class OptionsLoader
{
    public const string FileName = "millrace.json";
    public const string EnvironmentPrefix = "MILLRACE__";

    /// <param name="workingDirectory">Where <c>millrace.json</c> is looked for; it need not be there.</param>
    /// <param name="environment">As <see cref="Environment.GetEnvironmentVariables()"/> gives it.</param>
    /// <param name="commandLine">What was given there, by key.</param>
    /// <exception cref="OptionsException">Unknown keys or bad values, all of them.</exception>
    public static MillraceOptions Load(string workingDirectory, IDictionary environment, IEnumerable<OptionValue> commandLine)
    {
        var errors = new List<string>();
        var options = new MillraceOptions();
        IEnumerable<OptionValue> values =
        [
            .. ReadFile(Path.Combine(workingDirectory, FileName), errors),
            .. ReadEnvironment(environment),
            .. commandLine,
        ];
        foreach (OptionValue value in values)
        {
            if (OptionKeys.Find(value.Key) is not { } key)
                errors.Add(Unknown(value));
            else if (key.Apply(options, value.Value) is { } wanted)
                errors.Add($"{key.Name} ({value.Source}) must be {wanted}{(key.IsSecret ? "" : $", not '{value.Value}'")}");
        }

        return errors.Count == 0 ? options : throw new OptionsException(errors);
    }

    private static string Unknown(OptionValue value)
    {
        string? near = OptionKeys.All.Select(k => k.Name).OrderBy(n => Distance(n, value.Key)).FirstOrDefault(n => Distance(n, value.Key) <= 3);
        return $"{value.Key} ({value.Source}) is not a setting{(near is null ? "" : $"; did you mean {near}?")}";
    }

    private static IEnumerable<OptionValue> ReadEnvironment(IDictionary environment) =>
        environment.Cast<DictionaryEntry>()
            .Select(e => (Name: (string)e.Key, Value: (string?)e.Value ?? ""))
            .Where(e => e.Name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(e => e.Name, StringComparer.Ordinal)
            .Select(e => new OptionValue(e.Name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), e.Value, $"environment {e.Name}"));

    private static List<OptionValue> ReadFile(string path, List<string> errors)
    {
        var values = new List<OptionValue>();
        if (!File.Exists(path))
            return values;
        try
        {
            var settings = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), settings);
            Flatten("", document.RootElement, values);
        }
        catch (JsonException e)
        {
            errors.Add($"{FileName} is not JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{FileName} cannot be read: {e.Message}");
        }

        return values;
    }

    private static void Flatten(string prefix, JsonElement element, List<OptionValue> values)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
                Flatten(prefix.Length == 0 ? property.Name : $"{prefix}:{property.Name}", property.Value, values);
        }
        else if (element.ValueKind != JsonValueKind.Null)
        {
            // A null in the file is a key that keeps its default.
            values.Add(new OptionValue(prefix.Length == 0 ? "(the whole file)" : prefix, Text(element), FileName));
        }
    }

    /// <summary>What is true in the file is "true", as Kafka writes it, and not "True", as .NET does.</summary>
    private static string Text(JsonElement element) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetRawText() : element.ToString();

    /// <summary>Levenshtein's, without case: how many keystrokes lie between two names.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost), row[j]);
            }
        }

        return row[^1];
    }
}
