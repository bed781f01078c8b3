using System.Reflection;
using System.Runtime.Loader;

namespace Millrace.Commands.Schema;

/// <summary>
/// A foreign assembly with what it uses. What millrace has in at least the wanted version is taken from millrace, so that Event and the JSON
/// contexts are the same types on both sides; the rest comes from beside the assembly.
/// </summary>
internal sealed class ExportAssemblyContext(string file) : AssemblyLoadContext(Path.GetFileName(file))
{
    private readonly AssemblyDependencyResolver _resolver = new(file);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (IOException)
        {
            // Not there, or an older one: FileNotFoundException, FileLoadException.
        }

        string beside = Path.Combine(Path.GetDirectoryName(file)!, $"{assemblyName.Name}.dll");
        string? path = _resolver.ResolveAssemblyToPath(assemblyName) ?? (File.Exists(beside) ? beside : null);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
