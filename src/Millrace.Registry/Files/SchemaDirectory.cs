using System.Globalization;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Files;

/// <summary>
/// A directory of schemas, <c>TYPE/VERSION.json</c>. The type's name is escaped as in a URL where a file system could not hold it: <c>a/b</c> is
/// in <c>a%2Fb</c>.
/// </summary>
public static class SchemaDirectory
{
    private const string Extension = ".json";

    // What common file systems take for one name, in bytes.
    private const int MaxNameBytes = 255;

    /// <summary>The path of a version in the directory; null when no file system could hold the type's name.</summary>
    public static string? PathOf(string directory, string eventType, int version)
    {
        var name = NameOf(eventType);
        return name.Length <= MaxNameBytes ? Path.Combine(directory, name, $"{version.ToString(CultureInfo.InvariantCulture)}{Extension}") : null;
    }

    /// <summary>The type and number that a path of this form names; null when it is not of this form.</summary>
    public static (string EventType, int Version)? Parse(string path)
    {
        var type = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
        return type is { Length: > 0 } && VersionOf(path) is { } version ? (Uri.UnescapeDataString(type), version) : null;
    }

    /// <summary>The schemas of a directory by type and number.</summary>
    /// <exception cref="RegistryException">It cannot be read, or something in it is not named as a schema is; all of it is told.</exception>
    internal static IReadOnlyList<SchemaFile> Read(string directory)
    {
        var files = new List<SchemaFile>();
        var errors = new List<string>();
        try
        {
            foreach (var type in Directory.EnumerateDirectories(directory))
            {
                var name = Uri.UnescapeDataString(Path.GetFileName(type));
                foreach (var path in Directory.EnumerateFiles(type, $"*{Extension}"))
                {
                    if (VersionOf(path) is { } version && EventTypeName.IsOne(name))
                        files.Add(new SchemaFile(name, version, path));
                    else
                        errors.Add($"'{path}' is not named as a schema is: TYPE/VERSION{Extension}, with a version from 1.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"The directory of schemas '{directory}' cannot be read: {e.Message}");
        }

        return errors.Count == 0
            ? [.. files.OrderBy(file => file.EventType, StringComparer.Ordinal).ThenBy(file => file.Version)]
            : throw new RegistryException(string.Join('\n', errors), false, null);
    }

    private static int? VersionOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 && name[0] != '0' ? version : null;
    }

    private static string NameOf(string eventType)
    {
        var name = Uri.EscapeDataString(eventType);

        // These two name other directories; the escape is read like any other.
        return name is "." or ".." ? name.Replace(".", "%2E", StringComparison.Ordinal) : name;
    }
}
