-- Accepts ghost text whole, or its next word or line. Neovim 0.12 accepts whole suggestions only, and in the moment
-- before it asks again it would insert what was typed along once more.
local M = {}

-- A word with the space before it, or one other character; a line with the line end before it.
local parts = { word = { '^%s*[%w_\128-\255]+', '^%s*[^%w%s]' }, line = { '^\n?[^\n]*' } }

---@param text string
---@param unit? 'word'|'line'
---@return string
local function part(text, unit)
  for _, pattern in ipairs(unit and parts[unit] or {}) do
    local found = text:match(pattern)
    if found and found ~= '' then
      return found
    end
  end
  return text
end

-- The item without what stands in the buffer already; nil if something else was typed.
---@param item vim.lsp.inline_completion.Item
---@param unit? 'word'|'line'
local function rest(item, unit)
  local text = item.insert_text
  if type(text) ~= 'string' or not item.range then
    return item
  end
  local row, first, last_row, last = item.range:to_extmark()
  local cursor = vim.api.nvim_win_get_cursor(0)
  local column = cursor[2]
  if cursor[1] - 1 ~= row or last_row ~= row or column < first then
    return nil
  end
  local typed = vim.api.nvim_buf_get_text(0, row, first, row, column, {})[1]
  if not vim.startswith(text, typed) then
    return nil
  end
  text = text:sub(#typed + 1)
  item.insert_text = part(text, unit)
  local whole = item.insert_text == text
  if not whole then
    item.command = nil
  end
  -- What the suggestion replaces stays until the last of it is accepted.
  item.range = vim.range.extmark(0, row, column, row, whole and math.max(column, last + #typed) or column)
  return item
end

--- Accepts the suggestion at the cursor; false if there is none.
---@param unit? 'word'|'line' the whole suggestion if nil
---@return boolean
function M.accept(unit)
  return vim.lsp.inline_completion.get({
    on_accept = function(item)
      return rest(item, unit)
    end,
  })
end

return M
