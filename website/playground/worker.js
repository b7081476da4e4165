// Python, beside the page, so that the page stays alive. Told {id, name, args}, it answers {id, told} or {id, failed}.
const here = new URL(".", import.meta.url);

async function loaded() {
  const progress = (done, said) => postMessage({ done, said });
  progress(0.05, "loads Python");
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", here));
  const python = await loadPyodide({ indexURL: new URL("pyodide/", here).href });
  const extractDir = python.runPython("__import__('site').getsitepackages()[0]");
  const { packages } = await (await fetch(new URL("bundle.json", here))).json();
  for (const [at, name] of packages.entries()) {
    progress(0.5 + (0.4 * at) / packages.length, "loads bybit-lint");
    const response = await fetch(new URL(`packages/${name}`, here));
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    python.unpackArchive(await response.arrayBuffer(), "zip", { extractDir });
  }
  progress(0.9, "starts bybit-lint");
  const own = await (await fetch(new URL("playground.py", here))).text();
  python.FS.writeFile(`${extractDir}/playground.py`, own);
  const module = python.pyimport("playground");
  progress(1, "");
  return module;
}

const module = loaded();
module.catch((error) => postMessage({ broken: String(error.message ?? error) }));

onmessage = async ({ data: { id, name, args } }) => {
  try {
    postMessage({ id, told: (await module)[name](...args) });
  } catch (error) {
    postMessage({ id, failed: String(error.message ?? error).trim().split("\n").at(-1) });
  }
};
