"use strict";

// Swagger UI fills a form with the examples of all parameters: with every filter set at once, a
// list is empty. Parameters that may be left out begin empty.
function emptyForms(spec) {
  const operations = Object.values(spec.paths).flatMap((path) => Object.values(path));
  const lists = operations.map((operation) => operation.parameters ?? []);
  const shared = Object.values(spec.components?.parameters ?? {});
  for (const parameter of [...lists.flat(), ...shared]) {
    if (!parameter.required) {
      delete parameter.example;
      delete parameter.examples;
    }
  }
  return spec;
}

function emptyFormsPlugin() {
  const updateJsonSpec = (update) => (spec) => update(emptyForms(spec));
  return { statePlugins: { spec: { wrapActions: { updateJsonSpec } } } };
}

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#contract",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  filter: true,
  plugins: [emptyFormsPlugin],
  // The validator's badge would be an image from another host.
  validatorUrl: null,
});
