using System.Reflection;

namespace Millrace;

/// <summary>Which build this is.</summary>
internal static class Product
{
    private static readonly string[] Informational =
        (typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+');

    public static string Version => Informational[0];

    /// <summary>The commit it was built from; null when it was built outside a repository.</summary>
    public static string? Commit => Informational.ElementAtOrDefault(1);

    /// <summary>How the user called it, so that a line to try can be pasted as it stands. The launcher says it.</summary>
    public static string CommandName => Environment.GetEnvironmentVariable("MILLRACE_COMMAND") is { Length: > 0 } name ? name : "millrace";
}
