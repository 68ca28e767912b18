import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Who may import whom (running code; `import type` may cross). The table of docs/architecture.md. */
const mayImport = {
  model: [],
  config: ['model'],
  clients: ['model'],
  probes: ['model', 'clients'],
  checks: ['model'],
  diagnosis: ['model', 'clients', 'probes', 'checks'],
  remediations: ['model', 'clients', 'probes'],
  alerts: ['model'],
  store: ['model'],
  queue: ['model', 'store'],
  slack: ['model', 'queue', 'store'],
  'slack/views': ['model'], // after 'slack': the later, narrower entry wins
  http: ['model', 'alerts', 'store', 'queue'],
};
const folders = Object.keys(mayImport);
const layers = folders.map((folder) => {
  const banned = folders.filter((other) => !folder.startsWith(other) && !mayImport[folder].includes(other));
  const allowed = mayImport[folder].join(', ') || 'npm packages';
  const pattern = {
    regex: `^\\.\\.?/(.*/)?(${[...banned, 'jobs', 'cli', 'demo', 'test'].join('|')})/`,
    allowTypeImports: true,
    message: `src/${folder} may import only: ${allowed}.`,
  };
  return {
    files: [`src/${folder}/**/*.ts`],
    ignores: folder === 'slack' ? ['src/slack/views/**'] : [],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [pattern] }] },
  };
});

/** Where code is pure: same input, same output, so any stored run can be judged again. */
const pure = {
  files: ['src/checks/**/*.ts', 'src/slack/views/**/*.ts', 'src/model/**/*.ts'],
  rules: { 'no-restricted-globals': ['error', 'fetch', 'process', 'setTimeout', 'setInterval'] },
};

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', '.diag503/**', '.lab/**', 'test/fixtures/**', 'node_modules/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'bin/*.js', 'scripts/*.js', 'demo/slack/page/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      complexity: ['error', 12],
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...layers,
  pure,
  { files: ['src/cli/**', 'demo/**', 'scripts/**', 'bench/**', 'test/**'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**'],
    rules: { 'max-lines': ['error', 500], '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
