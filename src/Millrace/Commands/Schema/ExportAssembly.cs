using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Millrace.Client;

namespace Millrace.Commands.Schema;

/// <summary>Finds the event types of a built assembly and asks each for its schema, with the JSON context that the assembly has for it.</summary>
internal static class ExportAssembly
{
    /// <exception cref="CommandFailedException">It cannot be loaded, has no event types, or one of them has no schema.</exception>
    public static IReadOnlyList<AssemblySchema> Schemas(string path)
    {
        string file = Path.GetFullPath(path);
        Assembly assembly = Load(file, path);
        Type[] types = Types(assembly, path);
        JsonSerializerContext[] contexts = [.. types.Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)) && !type.IsAbstract).Select(DefaultOf).OfType<JsonSerializerContext>()];
        AssemblySchema[] schemas =
        [
            .. types
                .Where(type => type.IsSubclassOf(typeof(Event)) && !type.IsAbstract && !type.ContainsGenericParameters)
                .Select(type => Export(type, contexts, Path.GetDirectoryName(file)!))
                .OrderBy(schema => schema.EventType, StringComparer.Ordinal).ThenBy(schema => schema.Version),
        ];
        if (schemas.Length == 0)
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' has no event types: none of its types derives from {typeof(Event).FullName}.");
        foreach (IGrouping<(string, int), AssemblySchema> same in schemas.GroupBy(schema => (schema.EventType, schema.Version)).Where(group => group.Count() > 1))
        {
            throw new CommandFailedException(
                ExitCodes.Usage,
                $"{string.Join(" and ", same.Select(schema => schema.Type.FullName))} are both {same.Key.Item1} version {same.Key.Item2}; give one another name or version by [EventType].");
        }

        return schemas;
    }

    private static Assembly Load(string file, string path)
    {
        if (!File.Exists(file))
            throw new CommandFailedException(ExitCodes.Usage, $"There is no '{path}'; build the program first.");
        try
        {
            return new ExportAssemblyContext(file).LoadFromAssemblyPath(file);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' is no .NET assembly that .NET {Environment.Version} can load: {e.Message}", e);
        }
    }

    private static Type[] Types(Assembly assembly, string path)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            string missing = e.LoaderExceptions.FirstOrDefault()?.Message ?? e.Message;
            throw new CommandFailedException(
                ExitCodes.Usage, $"'{path}' cannot be read without the assemblies that it uses: {missing} They must lie beside it, as a build leaves them.", e);
        }
    }

    private static JsonSerializerContext? DefaultOf(Type context) =>
        context.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as JsonSerializerContext;

    private static AssemblySchema Export(Type type, JsonSerializerContext[] contexts, string folder)
    {
        JsonSerializerOptions options = EventJson.CreateOptions(contexts.FirstOrDefault(context => context.GetTypeInfo(type) is not null));
        try
        {
            return new AssemblySchema(EventSchema.EventTypeOf(type), EventSchema.VersionOf(type), type, EventSchema.Export(type, options, folder));
        }
        catch (EventTypeException e)
        {
            throw new CommandFailedException(ExitCodes.Usage, e.Message, e);
        }
    }
}

/// <summary>The schema of one type.</summary>
internal sealed record AssemblySchema(string EventType, int Version, Type Type, JsonObject Schema);
