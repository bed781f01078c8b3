namespace Millrace.Testing;

/// <summary>Finds the folder <c>shared/</c> that lies beside a developer's checkout; a user's machine has none.</summary>
internal static class SharedFolder
{
    /// <summary>The full path of <paramref name="relative"/> below it; null when there is no such folder.</summary>
    public static string? Find(string relative)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", relative);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
