using Microsoft.Extensions.Logging;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Files;

/// <summary>
/// Registers the schemas of a directory: files that are new become versions, files that are known must not differ. Where a type has no version
/// in force its files are put into force in their order, so that the newest counts and events may name the others; otherwise they wait as drafts.
/// </summary>
public sealed class FileImport
{
    private readonly VersionsDesk _versions;
    private readonly string _actor;
    private readonly ILogger _logger;

    /// <param name="registry">Where to.</param>
    /// <param name="actor">Who imports, for the record.</param>
    /// <param name="loggers">What happens is logged.</param>
    public FileImport(SchemaRegistry registry, string actor, ILoggerFactory loggers)
    {
        _versions = registry.Versions;
        _actor = actor;
        _logger = loggers.CreateLogger("Millrace.Registry");
    }

    /// <summary>Imports all that the directory holds. Any number of processes may do it at the same time.</summary>
    /// <exception cref="RegistryException">
    /// A file is no schema, differs from what is registered under its number, or cannot be read; all such files are told, the others are registered.
    /// </exception>
    public async Task RunAsync(string directory, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        foreach (var type in SchemaDirectory.Read(directory).GroupBy(file => file.EventType, StringComparer.Ordinal))
        {
            var known = await _versions.OfTypeAsync(type.Key, cancellationToken);
            var activate = known.All(version => version.State != SchemaState.Active);
            foreach (var file in type)
            {
                if (await AddAsync(file, activate, cancellationToken) is { } error)
                    errors.Add(error);
            }
        }

        if (errors.Count > 0)
            throw new RegistryException(string.Join('\n', errors), false, null);
    }

    /// <summary>Null, or what is wrong with the file.</summary>
    private async Task<string?> AddAsync(SchemaFile file, bool activate, CancellationToken cancellationToken)
    {
        byte[] schema;
        try
        {
            schema = await ReadAsync(file.Path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The schema '{file.Path}' cannot be read: {e.Message}";
        }

        var request = new RegisterRequest(file.EventType, schema, _actor) { Version = file.Version };
        var added = await _versions.RegisterAsync(request, cancellationToken);
        switch (added.Outcome)
        {
            case ChangeOutcome.Done:
            case ChangeOutcome.AlreadySo:
                foreach (var warning in added.Outcome == ChangeOutcome.Done ? added.Warnings : [])
                    _logger.FileWarning(file.EventType, file.Version, file.Path, warning);
                await ActivateAsync(file, added, activate, cancellationToken);
                return null;
            case ChangeOutcome.InvalidSchema:
                return $"'{file.Path}' is no schema that can be used: {added.Problem!.Message}";
            case ChangeOutcome.VersionTaken when added.Version!.State == SchemaState.Deleted:
                // Somebody took it back; that its file is still there does not undo it.
                return null;
            case ChangeOutcome.VersionTaken:
                return $"'{file.Path}' differs from what is registered as version {file.Version} of {file.EventType}, which cannot be changed: "
                    + "give the file the next number, or put the registered text back ('millrace schema show' prints it).";
            default:
                throw new InvalidOperationException($"Registering {file.Path} ended with {added.Outcome}.");
        }
    }

    private async Task ActivateAsync(SchemaFile file, ChangeResult added, bool activate, CancellationToken cancellationToken)
    {
        if (added.Version!.State != SchemaState.Draft)
            return;
        if (!activate)
        {
            if (added.Outcome == ChangeOutcome.Done)
                _logger.FileRegistered(file.EventType, file.Version, file.Path, "a draft until it is activated");
            return;
        }

        var activated = await _versions.ActivateAsync(file.EventType, file.Version, _actor, cancellationToken);
        if (activated.Outcome == ChangeOutcome.Incompatible)
        {
            _logger.FileIncompatible(
                file.EventType, file.Version, file.Path, activated.Conflicts[0].Difference.Message, $"millrace schema activate {file.EventType} {file.Version}");
        }
        else
        {
            _logger.FileRegistered(file.EventType, file.Version, file.Path, "in force");
        }
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        // One byte more than may be, so that what is too large is told as such without being read whole.
        await using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, SchemaLimits.MaxBytes + 1)];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
