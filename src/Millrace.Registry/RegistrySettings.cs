namespace Millrace.Registry;

/// <summary>Which registry is asked.</summary>
public sealed class RegistrySettings
{
    /// <summary>The Npgsql connection string of the pipeline's database, where the schemas are. Required; never logged whole.</summary>
    public required string ConnectionString { get; init; }
}
