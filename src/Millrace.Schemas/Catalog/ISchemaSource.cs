namespace Millrace.Schemas.Catalog;

/// <summary>Where the pipeline and ingest find the schemas that are in force. The registry is one; a program with schemas of its own may be another.</summary>
public interface ISchemaSource
{
    /// <summary>The catalog of this moment: read once a batch, from any thread, at no cost.</summary>
    SchemaCatalog Current { get; }
}
