using Microsoft.Extensions.Logging;

namespace Millrace.Registry;

/// <summary>Every log message of the registry. Nothing here is written once per event; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Schemas in force: {Types} types, unknown types {Unknown} (change {Change})")]
    public static partial void CatalogLoaded(this ILogger logger, int types, string unknown, long change);

    [LoggerMessage(2, LogLevel.Warning, "The schemas cannot be read; those of before stay in force, and it is tried again: {Reason}")]
    public static partial void CatalogStale(this ILogger logger, Exception exception, string reason);

    [LoggerMessage(3, LogLevel.Information, "The schemas are read again")]
    public static partial void CatalogFreshAgain(this ILogger logger);

    [LoggerMessage(4, LogLevel.Error, "Version {Version} of {EventType} is registered, but this version of Millrace cannot use it ({Reason}); {Consequence}")]
    public static partial void SchemaUnusable(this ILogger logger, string eventType, int version, string reason, string consequence);

    [LoggerMessage(5, LogLevel.Information, "PostgreSQL's notifications do not arrive, as behind a connection pooler in transaction mode: changes of schemas are looked for each second")]
    public static partial void CatalogDeaf(this ILogger logger);

    [LoggerMessage(10, LogLevel.Information, "Schema {EventType} {Version} was registered from {File}, {State}")]
    public static partial void FileRegistered(this ILogger logger, string eventType, int version, string file, string state);

    [LoggerMessage(11, LogLevel.Warning, "Schema {EventType} {Version} was registered from {File} as a draft: it is not compatible with what is in force ({Reason}); '{Command}' says more")]
    public static partial void FileIncompatible(this ILogger logger, string eventType, int version, string file, string reason, string command);

    [LoggerMessage(12, LogLevel.Warning, "Schema {EventType} {Version} was registered from {File}: {Warning}")]
    public static partial void FileWarning(this ILogger logger, string eventType, int version, string file, string warning);
}
