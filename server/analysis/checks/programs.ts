/** Where each family of tools keeps its programs in a project. Names only; it must not know the disk. */
import type { Program } from './check.ts';

export function onPath(name: string): Program {
  return { name, local: [] };
}

/** A package's program: the project's own comes first. */
export function nodeProgram(name: string): Program {
  return { name, local: [`node_modules/.bin/${name}`] };
}

/** A program of a virtual environment, else on PATH, else as a module of Python. */
export function pythonProgram(name: string, module = name): Program {
  return {
    name,
    local: ['.venv', 'venv', 'env'].flatMap(each => [`${each}/bin/${name}`, `${each}/Scripts/${name}.exe`]),
    otherwise: { name: 'python3', arguments: ['-m', module] },
  };
}

/** Python itself, of the virtual environment where there is one. */
export function python(): Program {
  return {
    name: 'python3',
    local: ['.venv', 'venv', 'env'].flatMap(each => [`${each}/bin/python`, `${each}/Scripts/python.exe`]),
    otherwise: { name: 'python', arguments: [] },
  };
}

export function phpProgram(name: string): Program {
  return { name, local: [`vendor/bin/${name}`] };
}

/** A build tool that a project may bring along as a script. */
export function wrapper(script: string, name: string): Program {
  return { name, local: [script] };
}
